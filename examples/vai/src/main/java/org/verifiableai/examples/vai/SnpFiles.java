package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads the files of SEV-SNP evidence. */
final class SnpFiles {

    // Far above a report's 1184 bytes, so that the parser is the one who says how long a report is.
    private static final int REPORT_LIMIT = 64 * 1024;
    private static final int CERTIFICATE_LIMIT = 1024 * 1024;

    private SnpFiles() {}

    static Bytes report(Path file) throws MalformedEvidenceException, EvidenceUnavailableException {
        return InputFile.read("snp report", file, REPORT_LIMIT);
    }

    static Bytes certificate(String name, Path file) throws MalformedEvidenceException, EvidenceUnavailableException {
        return InputFile.read(name, file, CERTIFICATE_LIMIT);
    }

    static List<Bytes> certificates(String name, List<Path> files)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        List<Bytes> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(certificate(name, file));
        }
        return contents;
    }
}
