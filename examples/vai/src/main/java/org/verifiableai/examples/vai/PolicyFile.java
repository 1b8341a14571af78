package org.verifiableai.examples.vai;

import java.nio.file.Path;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads policies. A policy is the caller's own word, so that a bad one is wrong usage and no verdict on evidence. */
final class PolicyFile {

    private static final int LIMIT = 1024 * 1024;

    private PolicyFile() {}

    static String read(Path file) throws EvidenceUnavailableException {
        try {
            return InputFile.readText("policy", file, LIMIT);
        } catch (MalformedEvidenceException e) {
            throw wrong(file, e);
        }
    }

    static IllegalArgumentException wrong(Path file, Exception e) {
        return new IllegalArgumentException("policy " + file + ": " + e.getMessage(), e);
    }
}
