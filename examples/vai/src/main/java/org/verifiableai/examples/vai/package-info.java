/**
 * {@code vai}, one command line over the whole SDK. Each command uses public API alone, so that what stands here can be
 * copied into an application.
 */
@NullMarked
package org.verifiableai.examples.vai;

import org.jspecify.annotations.NullMarked;
