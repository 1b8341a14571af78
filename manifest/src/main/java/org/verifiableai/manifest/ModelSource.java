package org.verifiableai.manifest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;

/**
 * Where the folders of other models can be had, by the digest under which a manifest names its base model. A source is not
 * trusted: {@link LineageVerifier} verifies whatever it gives, and that it is about the model that was asked for.
 */
@FunctionalInterface
public interface ModelSource {

    /**
     * The folder of a model that has a manifest.
     *
     * @param modelDigest {@link Provenance#modelDigest()} of the model, 32 bytes
     * @return empty if this source knows of none; the base model is then one whose origin is not proven
     * @throws EvidenceUnavailableException if it cannot be told
     */
    Optional<Path> folder(Bytes modelDigest) throws EvidenceUnavailableException;

    /** A source that knows of no model. */
    static ModelSource none() {
        return modelDigest -> Optional.empty();
    }

    /**
     * The models below some directories, each by the digest that its own manifest states. The directories are looked
     * through once, now; no file of a model is read but {@code claims.jsonl}. Links are not followed, and folders within a
     * model are parts of it. What states one digest twice is taken from where it comes first: by the order of
     * {@code directories}, then by path.
     *
     * @param directories each a model's folder or one above such
     * @throws EvidenceUnavailableException if a directory is not there, cannot be read, or holds more than 100,000 folders
     *     or more than 32 levels of them
     */
    static ModelSource below(List<Path> directories) throws EvidenceUnavailableException {
        return ModelDirectories.read(directories);
    }
}
