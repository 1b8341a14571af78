/** {@code vai registry}: what a registry on chain says of a model. */
@NullMarked
package org.verifiableai.examples.vai.registry;

import org.jspecify.annotations.NullMarked;
