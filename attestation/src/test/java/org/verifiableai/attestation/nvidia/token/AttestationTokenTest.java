package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.DeviceKind;

class AttestationTokenTest {

    @Test
    void aBundleIsTakenApart() throws Exception {
        AttestationToken token = parse(Tokens.bundle(Tokens.DEVICE));
        TokenBundle bundle = token.bundles().get(0);
        DeviceClaims device = bundle.devices().get(0).claims();

        assertThat(token.form()).isEqualTo(AttestationToken.Form.BUNDLE);
        assertThat(token.wrapper()).isEmpty();
        assertThat(token.keyIds()).containsExactly("a-key");
        assertThat(bundle.verifier()).isEmpty();
        assertThat(bundle.isSingle()).isFalse();
        assertThat(bundle.tokens()).hasSize(2);
        assertThat(bundle.claims().issuer()).contains("https://nras.attestation.nvidia.com");
        assertThat(bundle.claims().subject()).contains("NVIDIA-PLATFORM-ATTESTATION");
        assertThat(bundle.claims().version()).contains("2.0");
        assertThat(bundle.claims().result()).contains(true);
        assertThat(bundle.claims().nonce()).contains("11".repeat(32));
        assertThat(bundle.claims().issuedAt()).contains(Instant.ofEpochSecond(1));
        assertThat(bundle.claims().notBefore()).contains(Instant.ofEpochSecond(1));
        assertThat(bundle.claims().expires()).contains(Instant.ofEpochSecond(3601));
        assertThat(bundle.claims().error()).isEmpty();
        assertThat(bundle.claims().submodules())
                .containsEntry("GPU-0", new SubmoduleDigest("SHA-256", Bytes.fromHex("22".repeat(32))));
        assertThat(device.kind()).isEqualTo(DeviceKind.GPU);
        assertThat(device.ueid()).contains("1");
        assertThat(device.hardwareModel()).contains("GH100");
        assertThat(device.oemId()).isEmpty();
        assertThat(device.measurementResult()).contains("success");
        assertThat(device.secureBoot()).contains(true);
        assertThat(device.debugStatus()).contains("disabled");
        assertThat(device.check("arch-check")).contains(true);
        assertThat(device.check("driver-rim-cert-chain")).isEmpty();
        assertThat(device.certificateChains()).containsOnlyKeys("driver-rim-cert-chain");
        assertThat(device.certificateChains()).hasEntrySatisfying("driver-rim-cert-chain", chain -> {
            assertThat(chain.status()).contains("valid");
            assertThat(chain.ocspStatus()).contains("good");
            assertThat(chain.expiration()).contains(Instant.parse("2026-06-01T02:08:29Z"));
            assertThat(chain.revocationReason()).isEmpty();
            assertThat(chain.ocspNonceMatches()).isEmpty();
            assertThat(chain.ocspResponseValid()).isEmpty();
        });
        assertThat(device.issuer()).isEqualTo(bundle.claims().issuer());
        assertThat(device.issuedAt()).contains(Instant.ofEpochSecond(1));
        assertThat(device.expires()).contains(Instant.ofEpochSecond(3601));
        assertThat(device.nonce()).isEmpty();
        assertThat(device.driverVersion()).isEmpty();
        assertThat(device.vbiosVersion()).isEmpty();
        assertThat(device.warning()).isEmpty();
    }

    @Test
    void anErrorIsReadByItsParts() throws Exception {
        assertThat(parse(Tokens.bundle(Tokens.ERROR)).devices().get(0).claims().error())
                .contains(new ErrorDetails("4010", "NONCE_NOT_MATCHING", "Nonce differs "))
                .get()
                .hasToString("error 4010 NONCE_NOT_MATCHING: Nonce differs");
        assertThat(new ErrorDetails("7", "", "")).hasToString("error 7");
    }

    @Test
    void aWrapperHoldsBundlesByTheirVerifiers() throws Exception {
        AttestationToken token = parse(Tokens.wrapper());

        assertThat(token.form()).isEqualTo(AttestationToken.Form.SDK_WRAPPER);
        assertThat(token.wrapper()).isPresent();
        assertThat(token.bundles())
                .extracting(bundle -> bundle.verifier().orElseThrow())
                .containsExactly("REMOTE_GPU_CLAIMS", "LOCAL_GPU_CLAIMS");
        assertThat(token.bundles()).extracting(TokenBundle::isSingle).containsExactly(false, true);
        assertThat(token.devices()).hasSize(1);
        assertThat(parse(quoted(Tokens.wrapper())).bundles()).isEqualTo(token.bundles());
    }

    @Test
    void aTokenByItselfIsReadBareOrQuoted() throws Exception {
        String lone = Tokens.compact(Tokens.HEADER, "{\"x-nv-err-message\":\"no GPU\"}", Bytes.zeros(1));

        for (String document : new String[] {lone, lone + "\n", quoted(lone)}) {
            AttestationToken token = parse(document);
            assertThat(token.form()).isEqualTo(AttestationToken.Form.SINGLE);
            assertThat(token.bundles().get(0).claims().error()).contains(new ErrorDetails("", "no GPU", ""));
            assertThat(token.bytes()).isEqualTo(Bytes.utf8(document));
        }
    }

    @Test
    void tokensAreEqualWhereTheirDocumentsAre() throws Exception {
        AttestationToken token = parse(Tokens.bundle(Tokens.DEVICE));

        assertThat(token)
                .isEqualTo(parse(Tokens.bundle(Tokens.DEVICE)))
                .hasSameHashCodeAs(parse(Tokens.bundle(Tokens.DEVICE)))
                .isNotEqualTo(parse(Tokens.bundle(Tokens.ERROR)));
        assertThat(token.bundles())
                .isNotEqualTo(parse(Tokens.bundle(Tokens.ERROR)).bundles());
        assertThat(token.toString()).contains("BUNDLE").contains("1 devices");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"GPU-0\":\"e | \"GPU-00\":\"e",
                "\"GPU-0\":\"e | \"gpu-0\":\"e",
                "\"GPU-0\":\"e | \"GPU-1000\":\"e",
                "\"GPU-0\":\"e | \"CPU-0\":\"e",
                "\"GPU-0\":\"e | \"TEST_CPU_CLAIMS\":\"e",
                "\"JWT\" | \"CWT\"",
                "\"JWT\", | \"JWT\",\"JWT\","
            })
    void documentsOfAlmostTheFormAreRefused(String good, String bad) {
        assertThat(Tokens.bundle(Tokens.DEVICE)).contains(good);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> parse(Tokens.bundle(Tokens.DEVICE).replace(good, bad)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iat\":\"1\"}",
                "{\"iat\":1.5}",
                "{\"iat\":-1}",
                "{\"exp\":253402300800}",
                "{\"exp\":1e3}",
                "{\"nbf\":true}",
                "{\"iss\":1}",
                "{\"sub\":[]}",
                "{\"eat_nonce\":1}",
                "{\"x-nvidia-ver\":2.0}",
                "{\"x-nvidia-overall-att-result\":\"true\"}",
                "{\"x-nvidia-overall-att-result\":1}",
                "{\"submods\":[]}",
                "{\"submods\":{\"GPU-0\":\"00\"}}",
                "{\"submods\":{\"GPU-0\":[\"DIGEST\",[\"SHA-256\",\"00\"]]}}",
                "{\"submods\":{\"GPU-0\":[\"DIGEST\",[\"SHA-256\"]]}}",
                "{\"submods\":{\"GPU-0\":[\"digest\",[\"SHA-256\",\"00\"]]}}",
                "{\"x-nvidia-error-details\":\"4010\"}",
                "{\"x-nvidia-error-details\":null}",
                "{\"x-nvidia-error-details\":{\"code\":{}}}",
                "{\"iss\":\"a\",\"iss\":\"b\"}",
                "[]",
                "1"
            })
    void claimsOfAnotherTypeAreRefused(String claims) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> parse(Tokens.compact(Tokens.HEADER, claims, Bytes.zeros(1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ueid\":1}",
                "{\"measres\":true}",
                "{\"secboot\":\"true\"}",
                "{\"x-nvidia-gpu-driver-version\":550}",
                "{\"x-nvidia-gpu-driver-rim-cert-chain\":null}",
                "{\"x-nvidia-gpu-driver-rim-cert-chain\":{\"x-nvidia-cert-status\":1}}",
                "{\"x-nvidia-gpu-driver-rim-cert-chain\":{\"x-nvidia-cert-ocsp-nonce-matches\":\"true\"}}"
            })
    void claimsOfADeviceOfAnotherTypeAreRefused(String claims) {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> parse(Tokens.bundle(claims)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":1}",
                "{\"alg\":\"ES384\",\"kid\":1}",
                "{\"alg\":\"ES384\",\"crit\":[]}",
                "{\"alg\":\"ES384\",\"crit\":null}",
                "{\"alg\":\"ES384\",\"b64\":true}",
                "{\"alg\":\"ES384\",\"alg\":\"ES384\"}",
                "{\"alg\":\"ES384\",\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,"
                        + "\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1}"
            })
    void headersOfAnotherFormAreRefused(String header) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Jws.parse(Tokens.compact(header, "{}", Bytes.zeros(1))));
    }

    @Test
    void aTokenIsThreePartsInTheirOneEncoding() throws Exception {
        String token = Tokens.compact("{\"alg\":\"none\"}", "{}", Bytes.fromHex("00"));
        Jws read = Jws.parse(token);

        assertThat(read.compact()).isEqualTo(token);
        assertThat(read.algorithm()).isEqualTo("none");
        assertThat(read.keyId()).isEmpty();
        assertThat(read.signature()).isEqualTo(Bytes.fromHex("00"));
        assertThat(read.sha256()).isEqualTo(Bytes.utf8(token).sha256());
        assertThat(read.signingInput()).isEqualTo(Bytes.utf8(token.substring(0, token.lastIndexOf('.'))));
        assertThat(Jws.parse(Tokens.compact("{\"alg\":\"none\"}", "{}", Bytes.EMPTY))
                        .signature()
                        .isEmpty())
                .isTrue();
        // AA is one byte of zeros, AB the same with an unused bit set, and AA== the same with padding.
        assertThat(token).endsWith(".AA");
        for (String other : new String[] {
            token.replaceAll("AA$", "AB"),
            token + "==",
            token + ".",
            token.substring(0, token.lastIndexOf('.')),
            "." + token,
            token.replaceAll("AA$", "A"),
            token.replaceAll("AA$", "+/"),
            token + "\n"
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as(other)
                    .isThrownBy(() -> Jws.parse(other));
        }
    }

    @Test
    void sizesAreBounded() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> AttestationToken.parse(Bytes.zeros(AttestationToken.MAX_SIZE + 1)))
                .withMessageContaining("at most");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Jws.parse("a".repeat(Jws.MAX_LENGTH + 1)))
                .withMessageContaining("at most");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Jws.parse(Tokens.compact("{\"alg\":\"a\"}", "{}", Bytes.zeros(1025))))
                .withMessageContaining("at most 1024 bytes");
    }

    private static AttestationToken parse(String document) throws MalformedEvidenceException {
        return AttestationToken.parse(Bytes.utf8(document));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
