/** Views of a manifest for other tools. A view is unsigned and proves nothing; it names the manifest that does. */
@NullMarked
package org.verifiableai.manifest.export;

import org.jspecify.annotations.NullMarked;
