/** Single files and their names, read with care. Not exported. */
@NullMarked
package org.verifiableai.manifest.internal.files;

import org.jspecify.annotations.NullMarked;
