/** Folders of files and their digests: what identifies a model on disk. */
@NullMarked
package org.verifiableai.manifest.files;

import org.jspecify.annotations.NullMarked;
