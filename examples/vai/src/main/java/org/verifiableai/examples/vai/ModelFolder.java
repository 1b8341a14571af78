package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.Provenance;

/** A model's folder that the command line names. */
final class ModelFolder {

    private ModelFolder() {}

    /**
     * The folder, of which nothing is read yet.
     *
     * @throws EvidenceUnavailableException if there is none
     */
    static ManifestFolder of(Path model) throws EvidenceUnavailableException {
        if (!Files.isDirectory(model)) {
            throw new EvidenceUnavailableException("there is no folder " + model, false);
        }
        return new ManifestFolder(model);
    }

    /** What the folder's manifest states, which nothing here vouches for. */
    static Provenance provenance(Path model) throws MalformedEvidenceException, EvidenceUnavailableException {
        try {
            return of(model).manifest().provenance();
        } catch (IOException e) {
            throw DatasetFile.unreadable(model, e);
        }
    }
}
