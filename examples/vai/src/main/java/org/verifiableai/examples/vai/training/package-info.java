/** {@code vai train}, {@code vai generate} and {@code vai foundation}. */
@NullMarked
package org.verifiableai.examples.vai.training;

import org.jspecify.annotations.NullMarked;
