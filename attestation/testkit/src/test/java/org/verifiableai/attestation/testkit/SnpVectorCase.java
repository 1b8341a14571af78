package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** One folder of recorded evidence with a report in it. */
record SnpVectorCase(Path folder, JsonNode expected) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LEAVES = List.of("vcek.der", "vcek.pem", "vlek.der", "vlek.pem");

    /** Every folder with a report; a test that asks is skipped where recorded evidence is not at hand. */
    static Stream<SnpVectorCase> all() throws IOException {
        List<SnpVectorCase> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(directory()).sorted()) {
            for (Path folder :
                    folders.filter(f -> Files.exists(f.resolve("report.bin"))).toList()) {
                cases.add(new SnpVectorCase(folder, read(folder.resolve("expected.json"))));
            }
        }
        assertThat(cases).as("folders with a report").isNotEmpty();
        return cases.stream();
    }

    /** Those whose evidence is genuine in every part. */
    static Stream<SnpVectorCase> valid() throws IOException {
        return all().filter(c -> c.leaf().isPresent())
                .filter(c -> c.expected().at("/expect/verdict").asText().equals("valid"));
    }

    static Path directory() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded evidence is not at hand");
        return vectors.get().resolve("sev-snp");
    }

    static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }

    static SnpVerifier verifier(Instant at) {
        return SnpVerifier.builder().clock(Clock.fixed(at, ZoneOffset.UTC)).build();
    }

    String name() {
        return folder.getFileName().toString();
    }

    Optional<Path> leaf() {
        return LEAVES.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    Bytes report() throws IOException {
        return bytes(folder.resolve("report.bin"));
    }

    ProductLine line() {
        return ProductLine.parse(expected.get("product_line").asText());
    }

    Instant at() {
        return OffsetDateTime.parse(expected.get("verify_at").asText()).toInstant();
    }

    SnpEvidence evidence() throws IOException, MalformedEvidenceException {
        List<Bytes> authorities = new ArrayList<>();
        for (String name : List.of("ask.pem", "asvk.pem", "ark.pem")) {
            if (Files.exists(folder.resolve(name))) {
                authorities.add(bytes(folder.resolve(name)));
            }
        }
        return SnpEvidence.of(report(), bytes(leaf().orElseThrow()), authorities, List.of());
    }

    /** Demands nothing but what no policy can give up, and that nobody debugs. */
    SnpPolicy policy() {
        return SnpPolicy.builder()
                .withoutFreshness("recorded evidence")
                .anyMeasurement("recorded evidence")
                .withoutRevocation("no list was recorded")
                .allowVlek("recorded evidence")
                .build();
    }

    Verdict<SnpReport> verify(SnpEvidence evidence) {
        return verifier(at()).verify(evidence, policy());
    }
}
