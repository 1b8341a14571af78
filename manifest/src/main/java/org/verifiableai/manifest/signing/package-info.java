/** Private keys that sign manifests and models. */
@NullMarked
package org.verifiableai.manifest.signing;

import org.jspecify.annotations.NullMarked;
