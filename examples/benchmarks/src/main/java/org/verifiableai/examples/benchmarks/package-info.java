/** JMH benchmarks. Each has a baseline beside it that does only the work that cannot be avoided: read the ratio. */
@NullMarked
package org.verifiableai.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
