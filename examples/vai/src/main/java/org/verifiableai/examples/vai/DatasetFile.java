package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.DatasetDigest;
import org.verifiableai.manifest.data.Leaves;

/** A file of training data that the command line names. */
final class DatasetFile {

    private DatasetFile() {}

    static DatasetDigest digest(Path file, Leaves leaves)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        try {
            return DatasetDigest.read(file, leaves);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static EvidenceUnavailableException unreadable(Path file, IOException e) {
        String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
        return new EvidenceUnavailableException("cannot read " + file + ": " + reason, false, e);
    }
}
