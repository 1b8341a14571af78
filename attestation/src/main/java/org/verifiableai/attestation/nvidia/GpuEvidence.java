package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Pem;

/**
 * What one device hands to a relying party: a signed report and the certificates of the key that signed it. Immutable.
 *
 * <p>Nothing in it is trusted, and nothing is parsed before {@link GpuVerifier} does it.
 *
 * @param report SPDM request and response; see {@link GpuReport}
 * @param certificates DER, leaf first and root last
 */
public record GpuEvidence(Bytes report, List<Bytes> certificates) {

    /** Copies {@code certificates}. */
    public GpuEvidence {
        Objects.requireNonNull(report, "report");
        certificates = List.copyOf(certificates);
    }

    /**
     * Evidence with its certificates as PEM text.
     *
     * @param report SPDM request and response
     * @param chainPem certificates, leaf first; text around them is ignored, as are the NULs that one collector leaves behind them
     * @throws MalformedEvidenceException if {@code chainPem} holds no certificate or is broken
     */
    public static GpuEvidence of(Bytes report, String chainPem) throws MalformedEvidenceException {
        return of(report, Bytes.utf8(chainPem));
    }

    static GpuEvidence of(Bytes report, Bytes chainPem) throws MalformedEvidenceException {
        return new GpuEvidence(report, Pem.blocks("certificates", "CERTIFICATE", chainPem));
    }

    /**
     * Evidence from the text files in which NVIDIA's tools keep samples.
     *
     * @param reportHex pairs of hex digits, with white space, commas or 0x between them
     * @param chainPem certificates, leaf first; text around them is ignored
     * @throws MalformedEvidenceException if either is anything else or too long
     */
    public static GpuEvidence ofText(String reportHex, String chainPem) throws MalformedEvidenceException {
        return of(HexText.parse(reportHex), chainPem);
    }

    /**
     * Reads the JSON in which evidence travels. It is one of
     *
     * <ul>
     *   <li>what NVIDIA's collectors write: an array with one object for each device, of {@code arch}, {@code nonce}, {@code
     *       evidence} (the report in base64) and {@code certificate} (PEM text in base64);
     *   <li>what the command {@code nvattest} prints: an object with that array as {@code evidences};
     *   <li>what is sent to NVIDIA's service: an object of {@code arch} and {@code nonce} for all devices, and an array
     *       {@code evidence_list} of {@code evidence} and {@code certificate};
     *   <li>what the Confidential Containers project hands on: an object with an array {@code device_evidence_list} of {@code
     *       arch} in any case, {@code evidence} in base64 or hex, and {@code certificate}.
     * </ul>
     *
     * <p>Nobody signs what stands beside report and certificates, so nothing is decided on it. Other members are ignored,
     * but an {@code arch} or {@code nonce} that contradicts the report or the certificates is a defect of the document
     * and refused.
     *
     * @param json UTF-8, at most 16 MiB and 256 devices
     * @return at least one device, in the document's order
     * @throws MalformedEvidenceException if {@code json} is anything else
     */
    public static List<GpuEvidence> parseJson(Bytes json) throws MalformedEvidenceException {
        return EvidenceJson.read(json);
    }

    /**
     * The family of the device by the name in its identity certificate, which nobody has verified; empty where there is no
     * such certificate or it names another family.
     */
    public Optional<GpuArchitecture> architecture() {
        return DeviceChain.architectureOf(certificates);
    }

    /**
     * This evidence as an array of one object, in the form that {@link #parseJson} reads.
     *
     * @throws IllegalArgumentException as {@link #toJson(List)} does
     */
    public String toJson() {
        return toJson(List.of(this));
    }

    /**
     * The JSON of several devices, in the form that {@link #parseJson} reads and NVIDIA's services take. Equal evidence
     * gives equal text: members in the order {@code arch}, {@code nonce}, {@code evidence}, {@code certificate}, and no
     * white space.
     *
     * @throws IllegalArgumentException if a report is shorter than its nonce, or its certificates are not those of a
     *     device of a known architecture, since the form wants both stated
     */
    public static String toJson(List<GpuEvidence> devices) {
        return EvidenceJson.write(devices);
    }
}
