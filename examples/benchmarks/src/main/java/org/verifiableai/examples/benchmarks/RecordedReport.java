package org.verifiableai.examples.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/**
 * The report of a real processor with its certificates, as arrays: a service gets new ones with every request, so the
 * benchmarks wrap them anew each time.
 */
final class RecordedReport {

    private static final String FOLDER = "milan-v3-azure";

    private final Path folder;
    private final byte[] report;
    private final byte[] vek;
    private final byte[] ask;
    private final byte[] ark;
    private final Instant at;

    private RecordedReport(Path folder, List<Bytes> certificates, Instant at) throws IOException {
        this.folder = folder;
        this.report = Files.readAllBytes(folder.resolve("report.bin"));
        this.vek = certificates.get(0).toByteArray();
        this.ask = certificates.get(1).toByteArray();
        this.ark = certificates.get(2).toByteArray();
        this.at = at;
    }

    /** Reads the case from the folder that the system property vectors.dir names. */
    static RecordedReport load() throws IOException, MalformedEvidenceException {
        Path folder = Path.of(System.getProperty("vectors.dir", "../shared/vectors"), "sev-snp", FOLDER)
                .toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    "vectors.dir must be a folder with sev-snp/" + FOLDER + ", found nothing at " + folder);
        }
        List<Bytes> certificates = new ArrayList<>();
        SnpEvidence evidence = SnpEvidence.of(
                Bytes.EMPTY,
                read(folder, "vcek.der"),
                List.of(read(folder, "ask.pem"), read(folder, "ark.pem")),
                List.of());
        certificates.add(evidence.vek());
        certificates.addAll(evidence.authorities());
        return new RecordedReport(folder, certificates, instant(folder.resolve("expected.json")));
    }

    /** Where it was recorded. */
    Path folder() {
        return folder;
    }

    /** When its certificates are valid. */
    Instant at() {
        return at;
    }

    /** Report, VCEK, ASK and ARK, as a guest sends them. */
    SnpEvidence whole() {
        return new SnpEvidence(Bytes.of(report), Bytes.of(vek), List.of(Bytes.of(ask), Bytes.of(ark)), List.of());
    }

    /** Report and VCEK alone. */
    SnpEvidence bare() {
        return new SnpEvidence(Bytes.of(report), Bytes.of(vek), List.of(), List.of());
    }

    /** Demands what the report has. Revocation is off: the peer asks for it over the network only. */
    SnpPolicy policy() throws MalformedEvidenceException {
        SnpReport parsed = SnpReport.parse(Bytes.of(report));
        return SnpPolicy.builder()
                .expectedReportData(parsed.reportData())
                .measurement(parsed.measurement())
                .withoutRevocation("no list was recorded")
                .build();
    }

    SnpVerifier.Builder verifier(SignatureEngine engine) {
        return SnpVerifier.builder().signatureEngine(engine).clock(Clock.fixed(at, ZoneOffset.UTC));
    }

    private static Bytes read(Path folder, String name) throws IOException {
        return Bytes.of(Files.readAllBytes(folder.resolve(name)));
    }

    private static Instant instant(Path expected) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(expected.toFile())) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("verify_at")) {
                    return OffsetDateTime.parse(json.nextTextValue()).toInstant();
                }
            }
        }
        throw new IOException(expected + " has no verify_at");
    }
}
