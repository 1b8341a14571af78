package org.verifiableai.examples.vai;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuEvidence;

/** Reads the files of GPU evidence, in each form in which NVIDIA's tools leave them. */
final class GpuFiles {

    private static final int REPORT_LIMIT = 1024 * 1024;
    private static final int CHAIN_LIMIT = 1024 * 1024;
    private static final int EVIDENCE_LIMIT = 16 * 1024 * 1024;
    private static final int RIM_LIMIT = 4 * 1024 * 1024;
    private static final int OCSP_LIMIT = 1024 * 1024;

    /** SPDM 1.1, GET_MEASUREMENTS: how a report begins that is not hex text. */
    private static final Bytes REPORT_HEAD = Bytes.fromHex("11e0");

    /** DER, SEQUENCE: how an OCSP response begins that is not base64 text. */
    private static final int SEQUENCE = 0x30;

    private static final int SECOND_LENGTH = 0x80;

    private GpuFiles() {}

    static GpuEvidence evidence(Path report, Path chain)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        Bytes content = InputFile.read("gpu report", report, REPORT_LIMIT);
        String pem = InputFile.readText("certificate chain", chain, CHAIN_LIMIT);
        boolean binary = content.size() >= REPORT_HEAD.size()
                && content.slice(0, REPORT_HEAD.size()).equals(REPORT_HEAD);
        return binary ? GpuEvidence.of(content, pem) : GpuEvidence.ofText(text(content), pem);
    }

    static List<GpuEvidence> evidence(Path json) throws MalformedEvidenceException, EvidenceUnavailableException {
        return GpuEvidence.parseJson(InputFile.read("gpu evidence", json, EVIDENCE_LIMIT));
    }

    static List<Bytes> rims(List<Path> files) throws MalformedEvidenceException, EvidenceUnavailableException {
        List<Bytes> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(InputFile.read("reference integrity manifest", file, RIM_LIMIT));
        }
        return contents;
    }

    /** DER, or the same in base64 on one line or several. */
    static List<Bytes> ocspResponses(List<Path> files) throws MalformedEvidenceException, EvidenceUnavailableException {
        List<Bytes> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(ocspResponse(InputFile.read("ocsp response", file, OCSP_LIMIT)));
        }
        return contents;
    }

    private static Bytes ocspResponse(Bytes content) {
        if (content.size() > 1 && content.unsigned(0) == SEQUENCE && content.unsigned(1) >= SECOND_LENGTH) {
            return content;
        }
        String text = text(content).replaceAll("\\s", "");
        try {
            return Bytes.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return content; // neither: its own parser says what is wrong with it
        }
    }

    private static String text(Bytes content) {
        return new String(content.toByteArray(), StandardCharsets.UTF_8);
    }
}
