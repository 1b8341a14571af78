package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.x509.OcspBasicResponse;
import org.verifiableai.attestation.internal.x509.OcspExaminer;
import org.verifiableai.attestation.internal.x509.OcspFinding;
import org.verifiableai.attestation.internal.x509.OcspHash;
import org.verifiableai.attestation.internal.x509.OcspLink;
import org.verifiableai.attestation.internal.x509.OcspResponse;
import org.verifiableai.attestation.internal.x509.OcspResponseStatus;
import org.verifiableai.attestation.internal.x509.OcspSingleResponse;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.testkit.internal.Vectors;

/**
 * Real answers. Each folder with a folder {@code ocsp} is walked as it is found, and what its {@code expected.json} states
 * is compared. Of which certificate an answer speaks is found by its CertID among all that the folder has.
 */
class OcspVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern EMBEDDED =
            Pattern.compile("<(?:\\w+:)?X509Certificate>([^<]+)</(?:\\w+:)?X509Certificate>");

    @TestFactory
    Stream<DynamicTest> answersAreWhatTheirFoldersExpect() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected =
                    JSON.readTree(folder.resolve("expected.json").toFile()).get("ocsp");
            String name = folder.getFileName().toString();
            for (Map.Entry<String, Bytes> answer : answers(folder).entrySet()) {
                tests.add(dynamicTest(
                        name + ": " + answer.getKey(),
                        () -> assertAnswer(folder, answer.getKey(), answer.getValue(), expected)));
            }
            tests.add(dynamicTest(
                    name + ": every answer is named",
                    () -> assertThat(answers(folder).keySet())
                            .containsExactlyInAnyOrderElementsOf(fieldNames(expected.get("files")))));
            tests.add(dynamicTest(name + ": chains", () -> assertChains(folder, expected)));
        }
        return tests.stream();
    }

    private static void assertAnswer(Path folder, String name, Bytes answer, JsonNode expected) throws Exception {
        OcspResponse response = OcspResponse.parse(answer);
        assertThat(response.status()).isEqualTo(OcspResponseStatus.SUCCESSFUL);
        OcspBasicResponse basic = Objects.requireNonNull(response.basic());
        OcspSingleResponse said = basic.responses().get(0);
        assertThat(said.certId().hash())
                .isEqualTo(hash(expected.get("certid_hash").asText()));
        assertThat(basic.nonce() != null)
                .isEqualTo(expected.get("nonce_extension_present").asBoolean());
        assertThat(basic.certificates().isEmpty())
                .isNotEqualTo(expected.get("responder_is_delegated").asBoolean());
        Instant nextUpdate = Objects.requireNonNull(said.nextUpdate());
        assertThat(Duration.between(said.thisUpdate(), nextUpdate).toDays())
                .isEqualTo(expected.get("validity_days").asLong());

        OcspLink link = link(folder, said).orElseThrow(() -> new AssertionError("of no certificate: " + name));
        Instant at = instant(name, expected);
        boolean good = expected.get("all_good").asBoolean();
        assertThat(status(link, answer, at) == RevocationStatus.GOOD).isEqualTo(good);
        assertThat(status(link, answer, at.plus(DAY))).isNotEqualTo(RevocationStatus.GOOD);
        assertThat(status(link, answer, said.thisUpdate().minusNanos(1))).isNotEqualTo(RevocationStatus.GOOD);
        if (good) {
            assertThat(status(link, answer, nextUpdate)).isEqualTo(RevocationStatus.STALE);
        }

        // The same names and another key, and the key with another name: either is another issuer.
        for (X509Cert other : certificates(folder)) {
            if (!other.der().equals(link.issuer().der())) {
                assertThat(status(new OcspLink(link.certificate(), other), answer, at))
                        .isEqualTo(RevocationStatus.UNAVAILABLE);
            }
        }

        byte[] damaged = answer.toByteArray();
        int signed = indexOf(answer, basic.tbs());
        damaged[signed + basic.tbs().size() - 3] ^= 1; // within the last of what is signed, the time of the next answer
        assertThat(status(link, Bytes.of(damaged), at)).isNotEqualTo(RevocationStatus.GOOD);
    }

    /** Every certificate of a chain but its leaf and root, all answers at once and in any order. */
    private static void assertChains(Path folder, JsonNode expected) throws Exception {
        List<OcspLink> links = new ArrayList<>();
        List<X509Cert> chain = deviceChain(folder);
        for (int i = 1; i + 1 < chain.size(); i++) {
            links.add(new OcspLink(chain.get(i), chain.get(i + 1)));
        }
        OcspExaminer examiner = new OcspExaminer(SignatureEngine.standard(), 16);
        List<Bytes> answers = List.copyOf(answers(folder).values());
        for (int round = 0; round < 2; round++) { // with an empty cache, and from it
            assertThat(examiner.examine(
                            links,
                            answers,
                            Instant.parse(expected.get("verify_device_chain_at").asText())))
                    .extracting(OcspFinding::status)
                    .allSatisfy(status -> assertThat(status == RevocationStatus.GOOD)
                            .isEqualTo(expected.get("all_good").asBoolean()));
        }
    }

    private static RevocationStatus status(OcspLink link, Bytes answer, Instant at) {
        return new OcspExaminer(SignatureEngine.standard(), 0)
                .examine(List.of(link), List.of(answer), at)
                .get(0)
                .status();
    }

    /** Answers about RIM certificates were recorded on another day. */
    private static Instant instant(String name, JsonNode expected) {
        boolean ofDevice = expected.get("files").get(name).asText().startsWith("chain[");
        return Instant.parse(expected.get(ofDevice ? "verify_device_chain_at" : "verify_rim_chain_at")
                .asText());
    }

    private static Optional<OcspLink> link(Path folder, OcspSingleResponse said) throws Exception {
        List<X509Cert> all = certificates(folder);
        for (X509Cert certificate : all) {
            for (X509Cert issuer : all) {
                if (certificate.issuer().equals(issuer.subject())
                        && said.certId().matches(certificate, issuer)) {
                    return Optional.of(new OcspLink(certificate, issuer));
                }
            }
        }
        return Optional.empty();
    }

    private static List<X509Cert> certificates(Path folder) throws Exception {
        Map<Bytes, X509Cert> certificates = new TreeMap<>((a, b) -> a.hex().compareTo(b.hex()));
        for (X509Cert certificate : deviceChain(folder)) {
            certificates.put(certificate.der(), certificate);
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
                Matcher found = EMBEDDED.matcher(Files.readString(file));
                while (found.find()) {
                    Bytes der = Bytes.of(Base64.getMimeDecoder().decode(found.group(1)));
                    certificates.put(der, X509Cert.parse(der));
                }
            }
        }
        return List.copyOf(certificates.values());
    }

    private static List<X509Cert> deviceChain(Path folder) throws IOException, MalformedEvidenceException {
        List<X509Cert> chain = new ArrayList<>();
        for (Bytes der : Pem.blocks(
                "certificates", "CERTIFICATE", Bytes.of(Files.readAllBytes(folder.resolve("cert_chain.pem"))))) {
            chain.add(X509Cert.parse(der));
        }
        return chain;
    }

    private static Map<String, Bytes> answers(Path folder) throws IOException {
        Map<String, Bytes> answers = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("ocsp"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".b64")).toList()) {
                String name = file.getFileName().toString();
                answers.put(
                        name.substring(0, name.length() - ".b64".length()),
                        Bytes.of(Base64.getMimeDecoder().decode(Files.readString(file))));
            }
        }
        return answers;
    }

    private static OcspHash hash(String name) {
        return OcspHash.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static int indexOf(Bytes whole, Bytes part) {
        for (int i = 0; i + part.size() <= whole.size(); i++) {
            if (whole.slice(i, i + part.size()).equals(part)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    private static List<String> fieldNames(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<Path> folders() throws IOException {
        Optional<Path> vectors = Vectors.directory().map(v -> v.resolve("nvidia"));
        Assumptions.assumeTrue(vectors.isPresent(), "no vectors");
        try (Stream<Path> folders = Files.list(vectors.get())) {
            return folders.filter(f -> Files.isDirectory(f.resolve("ocsp")))
                    .sorted()
                    .toList();
        }
    }
}
