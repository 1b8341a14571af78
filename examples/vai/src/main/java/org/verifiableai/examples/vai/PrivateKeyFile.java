package org.verifiableai.examples.vai;

import java.nio.file.Path;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.signing.SigningKey;

/** The key that a caller signs with. */
final class PrivateKeyFile {

    private static final int MAX_PEM = 1 << 20;

    private PrivateKeyFile() {}

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if the file holds none: what a caller signs with is no evidence
     * @throws EvidenceUnavailableException if the file cannot be read
     */
    static SigningKey read(Path file) throws EvidenceUnavailableException {
        try {
            return SigningKey.parsePem(InputFile.read("private key", file, MAX_PEM));
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
