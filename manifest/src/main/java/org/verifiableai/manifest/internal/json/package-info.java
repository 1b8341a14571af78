/** JSON that may be hostile: strict reading, typed access, and the canonical form of RFC 8785. Not exported. */
@NullMarked
package org.verifiableai.manifest.internal.json;

import org.jspecify.annotations.NullMarked;
