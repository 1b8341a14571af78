package org.verifiableai.manifest.files;

/** What symbolic links in a folder are taken for. */
public enum LinkRule {

    /** A link is refused, whatever it points to. */
    REFUSE,

    /**
     * The folder is a snapshot in a cache of Hugging Face. A link to a file directly in {@code blobs/} of the same
     * repository stands for that file, whose content has to be what its name says: 64 hex digits are SHA-256 of it, 40
     * are its git blob id. Every other link is refused.
     */
    HUGGING_FACE
}
