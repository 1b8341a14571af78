package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Every engine against Wycheproof: edge cases of curves, encodings and paddings. */
class SignatureEngineVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @MethodSource("engines")
    void p384AgreesWithWycheproof(SignatureEngine engine) throws Exception {
        compare(
                engine,
                "ecdsa_secp384r1_sha384_p1363_test.json",
                "publicKeyDer",
                SignatureAlgorithm.ECDSA_P384_SHA384,
                Optional::of);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void p256AgreesWithWycheproof(SignatureEngine engine) throws Exception {
        // These signatures are DER, which the engine does not take; what is no strict DER tests somebody else.
        compare(
                engine,
                "ecdsa_secp256r1_sha256_test.json",
                "publicKeyDer",
                SignatureAlgorithm.ECDSA_P256_SHA256,
                SignatureEngineVectorsTest::fixedWidth);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void ed25519AgreesWithWycheproof(SignatureEngine engine) throws Exception {
        compare(engine, "ed25519_test.json", "publicKeyDer", SignatureAlgorithm.ED25519, Optional::of);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void rsaPssAgreesWithWycheproof(SignatureEngine engine) throws Exception {
        compare(
                engine,
                "rsa_pss_4096_sha384_mgf1_48_test.json",
                "publicKeyDer",
                SignatureAlgorithm.RSASSA_PSS_SHA384,
                Optional::of);
    }

    @Test
    void everyEngineIsFoundHere() {
        // The provider's jar on the class path of these tests holds natives for one platform.
        assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));

        assertThat(SignatureEngine.corretto()).contains(SignatureEngine.standard());
        assertThat(engines()).extracting(SignatureEngine::name).containsExactly("bouncy-castle", "corretto");
        assertThat(Security.getProviders())
                .extracting(Provider::getName)
                .doesNotContain("AmazonCorrettoCryptoProvider");
    }

    static Stream<SignatureEngine> engines() {
        return Stream.concat(Stream.of(SignatureEngine.bouncyCastle()), SignatureEngine.corretto().stream());
    }

    private static void compare(
            SignatureEngine engine,
            String file,
            String keyMember,
            SignatureAlgorithm algorithm,
            Function<Bytes, Optional<Bytes>> encoding)
            throws Exception {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "test vectors are not at hand");
        JsonNode root =
                JSON.readTree(vectors.get().resolve("wycheproof").resolve(file).toFile());
        List<String> disagreements = new ArrayList<>();
        int compared = 0;
        for (JsonNode group : root.get("testGroups")) {
            VerificationKey key = engine.key(Bytes.fromHex(group.get(keyMember).asText()));
            assertThat(key.algorithm()).isEqualTo(algorithm);
            for (JsonNode test : group.get("tests")) {
                Optional<Bytes> signature =
                        encoding.apply(Bytes.fromHex(test.get("sig").asText()));
                if (signature.isEmpty()) {
                    assertThat(test.get("result").asText()).isNotEqualTo("valid");
                    continue;
                }
                compared++;
                boolean valid = key.verify(Bytes.fromHex(test.get("msg").asText()), signature.get());
                String expected = test.get("result").asText();
                if (!expected.equals("acceptable") && valid != expected.equals("valid")) {
                    disagreements.add(test.get("tcId") + " " + test.get("comment") + " is " + expected);
                }
            }
        }
        assertThat(disagreements).isEmpty();
        assertThat(compared).isPositive();
    }

    private static Optional<Bytes> fixedWidth(Bytes der) {
        try {
            ASN1Sequence pair = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
            BigInteger r = ASN1Integer.getInstance(pair.getObjectAt(0)).getValue();
            BigInteger s = ASN1Integer.getInstance(pair.getObjectAt(1)).getValue();
            if (pair.size() != 2
                    || !Bytes.of(pair.getEncoded(ASN1Encoding.DER)).equals(der)
                    || r.signum() < 0
                    || s.signum() < 0) {
                return Optional.empty();
            }
            return Optional.of(Bytes.of(BigIntegers.asUnsignedByteArray(32, r))
                    .concat(Bytes.of(BigIntegers.asUnsignedByteArray(32, s))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
