package org.verifiableai.examples.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.GpuVerifier;

/**
 * The evidence of a real H100 with both manifests and the OCSP answers about its own certificates, as arrays: a service gets
 * new ones with every request, so the benchmarks wrap them anew each time.
 *
 * <p>The recorded answers about the manifests' certificates are of another day and current at no instant at which those about
 * the device are, so a verifier that looks at the times of answers cannot take both.
 */
final class RecordedGpu {

    private static final String FOLDER = "hopper-h100-full-offline";

    private final Path folder;
    private final byte[] report;
    private final List<byte[]> certificates = new ArrayList<>();
    private final List<byte[]> manifests = new ArrayList<>();
    private final List<byte[]> answers = new ArrayList<>();
    private final Instant at;

    private RecordedGpu(Path folder) throws IOException, MalformedEvidenceException {
        this.folder = folder;
        GpuEvidence evidence = GpuEvidence.ofText(
                Files.readString(folder.resolve("attestation_report.hex")),
                Files.readString(folder.resolve("cert_chain.pem")));
        this.report = evidence.report().toByteArray();
        evidence.certificates().forEach(der -> certificates.add(der.toByteArray()));
        for (Path file : files(folder, ".xml")) {
            manifests.add(Files.readAllBytes(file));
        }
        for (Path file : files(folder.resolve("ocsp"), ".b64")) {
            if (file.getFileName().toString().startsWith("gpu_certificate_")) {
                answers.add(Base64.getMimeDecoder().decode(Files.readString(file)));
            }
        }
        this.at = instant(folder.resolve("expected.json"));
    }

    /** Reads the case from the folder that the system property vectors.dir names. */
    static RecordedGpu load() throws IOException, MalformedEvidenceException {
        Path folder = Path.of(System.getProperty("vectors.dir", "../shared/vectors"), "nvidia", FOLDER)
                .toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    "vectors.dir must be a folder with nvidia/" + FOLDER + ", found nothing at " + folder);
        }
        return new RecordedGpu(folder);
    }

    /** Where it was recorded. */
    Path folder() {
        return folder;
    }

    /** When its certificates and the answers about them are in force. */
    Instant at() {
        return at;
    }

    GpuEvidence evidence() {
        return new GpuEvidence(Bytes.of(report), wrap(certificates));
    }

    GpuCollateral withoutOcsp() {
        return new GpuCollateral(wrap(manifests), List.of());
    }

    GpuCollateral withOcspOfDevice() {
        return new GpuCollateral(wrap(manifests), wrap(answers));
    }

    /** Demands the nonce that the report answers and every reference value; revocation is not looked at. */
    GpuPolicy policyWithoutOcsp() throws MalformedEvidenceException {
        return policy().withoutRevocation("measured on its own").build();
    }

    /** As {@link #policyWithoutOcsp()}, and looks at the answers that there are. */
    GpuPolicy policyWithOcspOfDevice() throws MalformedEvidenceException {
        return policy().useRevocationIfAvailable("no answer about manifests was recorded that day")
                .build();
    }

    GpuVerifier.Builder verifier(SignatureEngine engine) {
        return GpuVerifier.builder().signatureEngine(engine).clock(Clock.fixed(at, ZoneOffset.UTC));
    }

    GpuResult verifyWithoutOcsp(GpuVerifier verifier, GpuPolicy policy) {
        return verifier.verify(List.of(evidence()), withoutOcsp(), policy);
    }

    GpuResult verifyWithOcspOfDevice(GpuVerifier verifier, GpuPolicy policy) {
        return verifier.verify(List.of(evidence()), withOcspOfDevice(), policy);
    }

    private GpuPolicy.Builder policy() throws MalformedEvidenceException {
        Bytes nonce = GpuReport.parse(Bytes.of(report)).requesterNonce();
        return GpuPolicy.builder()
                .expectedSampleNonce(nonce, "a recorded report")
                .requireReferenceValues();
    }

    private static List<Bytes> wrap(List<byte[]> arrays) {
        return arrays.stream().map(Bytes::of).toList();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static Instant instant(Path expected) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(expected.toFile())) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("verify_device_chain_at")) {
                    return Instant.parse(json.nextTextValue());
                }
            }
        }
        throw new IOException(expected + " has no verify_device_chain_at");
    }
}
