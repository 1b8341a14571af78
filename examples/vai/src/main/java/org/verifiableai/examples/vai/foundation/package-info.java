/** How the small foundation model of the demonstration is made, from a text of our own to its weights. */
@NullMarked
package org.verifiableai.examples.vai.foundation;

import org.jspecify.annotations.NullMarked;
