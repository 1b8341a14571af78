package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.DeviceToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenBundle;
import org.verifiableai.attestation.nvidia.token.TokenChecks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import org.verifiableai.attestation.nvidia.token.TokenVerifier;
import org.verifiableai.attestation.testkit.internal.Vectors;

/**
 * Real tokens. Each folder with a token is walked as it is found: one with a key set is verified whole, and of every other
 * all is checked that needs no key.
 */
class TokenVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    // Those that need the key set of the day, which is not kept with every token.
    private static final List<CheckId> NEED_KEYS = List.of(TokenChecks.KEY);

    @TestFactory
    Stream<DynamicTest> tokensWithAKeySetGetTheirRecordedVerdict() {
        return folders("jwks.json")
                .map(folder -> dynamicTest(name(folder), () -> {
                    JsonNode expected = expected(folder);
                    Bytes token = bytes(folder.resolve("nras_response.json"));
                    IssuerKeys keys = IssuerKeys.nras(Jwks.parse(bytes(folder.resolve("jwks.json"))));
                    boolean accept = expected.get("accept").asBoolean();
                    TokenPolicy policy = TokenPolicy.builder()
                            .expectedNonce(
                                    Bytes.fromHex(expected.at("/request/nonce").asText()))
                            .gpus(expected.get("submod_count").asInt())
                            .allowWarnings("the service's word is what was recorded")
                            .build();
                    TokenVerifier.Builder verifier =
                            TokenVerifier.builder().pinnedIntermediates(TokenVerifier.NVIDIA_INTERMEDIATES);

                    Verdict<AttestationToken> inTime = verifier.clock(at(expected.get("evaluate_at")))
                            .build()
                            .verify(token, keys, policy);
                    Verdict<AttestationToken> expired = verifier.clock(at(expected.get("expired_at")))
                            .build()
                            .verify(token, keys, policy);

                    assertThat(inTime.accepted()).as(inTime.toJson()).isEqualTo(accept);
                    assertThat(failed(inTime))
                            .containsExactlyElementsOf(
                                    accept ? List.of() : List.of(TokenChecks.ERRORS, TokenChecks.RESULT));
                    assertThat(failed(expired)).contains(TokenChecks.TIMES);
                    assertThat(failed(expired)).hasSize(failed(inTime).size() + 1);
                    assertClaims(AttestationToken.parse(token).bundles().get(0), expected);
                }));
    }

    @Test
    void aTokenThatIsValidlySignedAndSaysThatItFailedIsRefused() throws Exception {
        Path folder = folder("nras-v3-8gpu-nonce-mismatch");
        JsonNode expected = expected(folder);

        Verdict<AttestationToken> verdict = TokenVerifier.builder()
                .clock(at(expected.get("evaluate_at")))
                .build()
                .verify(
                        bytes(folder.resolve("nras_response.json")),
                        IssuerKeys.nras(Jwks.parse(bytes(folder.resolve("jwks.json")))),
                        TokenPolicy.builder()
                                .expectedNonce(Bytes.fromHex(
                                        expected.at("/request/nonce").asText()))
                                .gpus(8)
                                .build());

        assertThat(failed(verdict)).containsExactly(TokenChecks.ERRORS, TokenChecks.RESULT);
        assertThat(detail(verdict, TokenChecks.ERRORS)).contains("GPU-7: error 4010 NONCE_NOT_MATCHING");
    }

    /** Whatever a token without a key set is, its digests, claims and devices are in order. */
    @TestFactory
    Stream<DynamicTest> tokensWithoutAKeySetFailOnlyForWantOfProof() {
        return documents("nras_v4_detached_eat.json", "nras_v3_token_same_nonce.json")
                .map(file -> dynamicTest(root().relativize(file).toString(), () -> {
                    Bytes document = bytes(file);
                    TokenBundle bundle =
                            AttestationToken.parse(document).bundles().get(0);
                    String issuer = bundle.claims().issuer().orElseThrow();

                    Verdict<AttestationToken> verdict = verifyWithout(document, issuer);

                    assertThat(failed(verdict)).containsExactlyElementsOf(NEED_KEYS);
                    assertThat(failed(verifyWithout(document, TokenPolicy.NRAS)))
                            .containsExactlyElementsOf(
                                    issuer.equals(TokenPolicy.NRAS)
                                            ? NEED_KEYS
                                            : List.of(TokenChecks.ISSUER, TokenChecks.KEY));
                    assertThat(bundle.devices())
                            .allSatisfy(device -> assertThat(device.claims().measurementResult())
                                    .contains("success"));
                }));
    }

    @Test
    void granularClaimsAreReadByName() throws Exception {
        Path folder = folder("hopper-h100-full-offline");
        JsonNode claims = JSON.readTree(
                        folder.resolve("nras_v4_submod_decoded.json").toFile())
                .get("GPU-0");

        DeviceToken device = AttestationToken.parse(bytes(folder.resolve("nras_v4_detached_eat.json")))
                .devices()
                .get(0);

        assertThat(JSON.readTree(device.token().payload().toByteArray())).isEqualTo(claims);
        assertThat(device.claims().certificateChains().keySet())
                .containsExactlyInAnyOrder(
                        "attestation-report-cert-chain", "driver-rim-cert-chain", "vbios-rim-cert-chain");
        assertThat(device.claims().certificateChains())
                .hasEntrySatisfying(
                        "driver-rim-cert-chain",
                        chain -> assertThat(chain.expiration()).contains(Instant.parse("2026-06-01T02:08:29Z")));
        assertThat(device.claims().driverVersion()).contains("550.90.07");
        assertThat(device.claims().hardwareModel()).contains("GH100 A01 GSP BROM");
    }

    @Test
    void aTokenOfTheLocalVerifierIsReadAndIsNoRemoteProof() throws Exception {
        Path folder = folder("local-verifier-token-v2");
        JsonNode expected = expected(folder).get("local");
        Bytes document = bytes(folder.resolve("local_gpu_verifier_token.json"));
        TokenBundle bundle = AttestationToken.parse(document).bundles().get(0);
        Instant issuedAt = bundle.claims().issuedAt().orElseThrow();
        TokenVerifier verifier = TokenVerifier.builder()
                .clock(Clock.fixed(issuedAt, ZoneOffset.UTC))
                .build();
        TokenPolicy policy = TokenPolicy.builder()
                .expectedNonce(
                        Bytes.fromHex(expected.at("/overall_claims/eat_nonce").asText()))
                .gpus(1)
                .build();

        Verdict<AttestationToken> verdict = verifier.verify(document, IssuerKeys.NONE, policy);

        assertThat(failed(verdict)).containsExactly(TokenChecks.ISSUER, TokenChecks.GUEST);
        assertThat(detail(verdict, TokenChecks.GUEST)).contains("no remote proof");
        assertThat(JSON.readTree(bundle.devices().get(0).token().payload().toByteArray()))
                .isEqualTo(expected.get("gpu0_claims"));
        // The digest over the claims as Python writes them is one that the overall token names.
        assertThat(bundle.claims().submodules())
                .hasEntrySatisfying(
                        "GPU-0",
                        submodule -> assertThat(submodule.digest().hex())
                                .isEqualTo(
                                        expected.get("digest_preimage_sha256").asText()));
        assertThat(detail(verdict, TokenChecks.SUBMODULES)).startsWith("each of 1 device tokens");
    }

    private static void assertClaims(TokenBundle bundle, JsonNode expected) throws IOException {
        assertThat(JSON.readTree(bundle.overall().payload().toByteArray())).isEqualTo(expected.get("overall_claims"));
        assertThat(JSON.readTree(bundle.devices().stream()
                        .filter(device -> device.name().equals("GPU-0"))
                        .findFirst()
                        .orElseThrow()
                        .token()
                        .payload()
                        .toByteArray()))
                .isEqualTo(expected.get("first_submod_claims"));
        assertThat(bundle.overall().keyId()).contains(expected.get("kid").asText());
        for (Map.Entry<String, JsonNode> device :
                expected.get("submod_digest_matches").properties()) {
            assertThat(device.getValue().asBoolean()).isTrue();
            assertThat(bundle.claims().submodules()).containsKey(device.getKey());
        }
    }

    private static Verdict<AttestationToken> verifyWithout(Bytes document, String issuer) throws Exception {
        TokenBundle bundle = AttestationToken.parse(document).bundles().get(0);
        boolean gpus = bundle.devices().get(0).name().startsWith("GPU");
        TokenPolicy.Builder policy = TokenPolicy.builder()
                .withoutFreshness("the nonce is a public sample's")
                .allowWarnings("the verifier's word is what was recorded")
                .issuers(Set.of(issuer));
        return TokenVerifier.builder()
                .clock(Clock.fixed(bundle.claims().issuedAt().orElseThrow(), ZoneOffset.UTC))
                .build()
                .verify(
                        document,
                        IssuerKeys.NONE,
                        (gpus
                                        ? policy.gpus(bundle.devices().size())
                                        : policy.switches(bundle.devices().size()))
                                .build());
    }

    private static Clock at(JsonNode seconds) {
        return Clock.fixed(Instant.ofEpochSecond(seconds.asLong()), ZoneOffset.UTC);
    }

    private static List<CheckId> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(CheckResult::id).toList();
    }

    private static String detail(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    private static JsonNode expected(Path folder) throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("expected.json"), StandardCharsets.UTF_8));
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }

    private static Path folder(String name) {
        return root().resolve(name);
    }

    private static Stream<Path> folders(String holding) {
        try (Stream<Path> folders = Files.list(root())) {
            List<Path> found = folders.filter(folder -> Files.exists(folder.resolve(holding)))
                    .sorted()
                    .toList();
            assertThat(found).isNotEmpty();
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> documents(String... names) {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            folders(name).map(folder -> folder.resolve(name)).forEach(files::add);
        }
        return files.stream();
    }

    private static Path root() {
        Optional<Path> root = Vectors.directory();
        Assumptions.assumeTrue(root.isPresent(), "no vectors");
        return root.orElseThrow().resolve("nvidia");
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }
}
