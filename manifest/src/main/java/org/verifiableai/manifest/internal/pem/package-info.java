/** PEM text, read strictly. Not exported. */
@NullMarked
package org.verifiableai.manifest.internal.pem;

import org.jspecify.annotations.NullMarked;
