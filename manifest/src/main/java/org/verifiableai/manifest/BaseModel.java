package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;

/**
 * The model that training started from: where it is known and every one of its files. The files are the identity; the
 * URI is a name for people, and a commit in it is a claim that this SDK does not check.
 *
 * @param uri a URI, such as {@code pkg:huggingface/org/name@<commit>}; a Hugging Face one has to name a commit, since
 *     branches and tags move
 * @param files every file with its size and digest
 */
public record BaseModel(String uri, FolderDigest files) {

    private static final String HUGGING_FACE = "pkg:huggingface/";
    private static final Pattern PINNED = Pattern.compile("pkg:huggingface/([^/@?#]+/[^/@?#]+)@([0-9a-f]{40})");

    /**
     * Checks the URI's form.
     *
     * @throws IllegalArgumentException if {@code uri} is not an absolute URI or names a Hugging Face model without commit
     */
    public BaseModel {
        Uris.requireAbsolute("base model", uri);
        if (uri.startsWith(HUGGING_FACE) && !PINNED.matcher(uri).matches()) {
            throw new IllegalArgumentException(
                    "base model: expected pkg:huggingface/org/name@ and a commit of 40 hex digits, found " + uri);
        }
        Objects.requireNonNull(files, "files");
    }

    /**
     * Reads a base model's folder. What speaks of a model and what version control puts beside it is left out, as it is
     * of an adapter's folder (see {@link ManifestFolder}): the digest of a base model that has a manifest itself is that
     * manifest's {@link Provenance#modelDigest()}.
     *
     * @param uri see {@link BaseModel}
     * @param folder what training loads, whole
     * @throws MalformedEvidenceException as {@link ManifestFolder#adapter()}
     * @throws IOException if something cannot be read
     */
    public static BaseModel read(String uri, Path folder) throws MalformedEvidenceException, IOException {
        return new BaseModel(uri, ModelFiles.read(folder));
    }

    /** The identity, {@link FolderDigest#dirHash1()} of the files. */
    public Bytes digest() {
        return files.dirHash1();
    }

    /** The Git commit that the URI names, 40 hex digits; empty if it is no Hugging Face one. A claim, see the class. */
    public Optional<String> commit() {
        Matcher pinned = PINNED.matcher(uri);
        return pinned.matches() ? Optional.of(pinned.group(2)) : Optional.empty();
    }

    /** The name on Hugging Face, {@code org/name}; empty if the URI is none of theirs. */
    public Optional<String> repository() {
        Matcher pinned = PINNED.matcher(uri);
        return pinned.matches() ? Optional.of(pinned.group(1)) : Optional.empty();
    }
}
