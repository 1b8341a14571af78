package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The standard engine on keys of its own; what Wycheproof adds lies with the recorded vectors. */
class SignatureEngineTest {

    private static final SignatureEngine ENGINE = SignatureEngine.standard();
    private static final Bytes MESSAGE = Bytes.utf8("message");
    private static final Bytes OTHER = Bytes.utf8("massage");
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);

    @ParameterizedTest
    @CsvSource({
        "secp256r1, SHA256withECDSAinP1363Format, ECDSA_P256_SHA256, 32",
        "secp384r1, SHA384withECDSAinP1363Format, ECDSA_P384_SHA384, 48",
        "secp521r1, SHA512withECDSAinP1363Format, ECDSA_P521_SHA512, 66"
    })
    void ecdsaTakesBothScalarsInFixedWidth(String curve, String jca, SignatureAlgorithm algorithm, int width)
            throws Exception {
        KeyPair pair = pair("EC", curve);
        Bytes signature = sign(jca, pair.getPrivate(), null);
        Bytes spki = spki(pair);
        VerificationKey key = ENGINE.key(spki);
        Bytes zero = Bytes.zeros(width);
        Bytes r = signature.slice(0, width);
        Bytes s = signature.slice(width, 2 * width);

        assertThat(key.algorithm()).isEqualTo(algorithm);
        assertThat(key.spki()).isEqualTo(spki);
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(OTHER, signature)).isFalse();
        for (Bytes wrong : new Bytes[] {
            Bytes.EMPTY,
            s.concat(r),
            zero.concat(s),
            r.concat(zero),
            zero.concat(zero),
            Bytes.fromHex("ff".repeat(2 * width)),
            signature.slice(0, 2 * width - 1),
            signature.slice(1, 2 * width),
            signature.concat(Bytes.zeros(1)),
            Bytes.zeros(1).concat(signature)
        }) {
            assertThat(key.verify(MESSAGE, wrong)).as(wrong.hex()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "secp256r1, ECDSA_P256_SHA256, 27",
        "secp384r1, ECDSA_P384_SHA384, 24",
        "secp521r1, ECDSA_P521_SHA512, 26"
    })
    void aPointBesideItsCurveIsRefused(String curve, SignatureAlgorithm algorithm, int head) throws Exception {
        byte[] raw = spki(pair("EC", curve)).toByteArray();
        raw[raw.length - 1] ^= 1;
        byte[] high = raw.clone();
        Arrays.fill(high, head, high.length, (byte) 0xFF);

        for (Bytes wrong : new Bytes[] {Bytes.of(raw), Bytes.of(high)}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> ENGINE.key(wrong))
                    .satisfies(e -> assertThat(e.field()).isEqualTo("subjectPublicKey"))
                    .satisfies(e -> assertThat(e.offset()).isEqualTo(head))
                    .satisfies(e -> assertThat(e.expected()).isEqualTo("a point on the curve of " + algorithm));
        }
    }

    @Test
    void anyOtherFormOfAnEllipticCurveKeyIsRefused() throws Exception {
        Bytes p384 = spki(pair("EC", "secp384r1"));

        byte[] compressed = p384.slice(0, 24 + 48).toByteArray();
        compressed[1] = (byte) (compressed[1] - 48);
        compressed[21] = (byte) (compressed[21] - 48);
        compressed[23] = 2;
        refused(Bytes.of(compressed));
        refused(p384.concat(Bytes.zeros(1)));
        refused(p384.slice(0, p384.size() - 1));
        for (int at = 0; at < 24; at++) {
            byte[] raw = p384.toByteArray();
            raw[at] ^= 1;
            refused(Bytes.of(raw));
        }
        // P-521 is the one curve whose key needs the long form of lengths.
        Bytes p521 = spki(pair("EC", "secp521r1"));
        refused(p521.concat(Bytes.zeros(1)));
        refused(p521.slice(0, p521.size() - 1));
        for (int at = 0; at < 26; at++) {
            byte[] raw = p521.toByteArray();
            raw[at] ^= 1;
            refused(Bytes.of(raw));
        }
    }

    @Test
    void ed25519IsVerified() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Bytes signature = sign("Ed25519", pair.getPrivate(), null);
        VerificationKey key = ENGINE.key(spki(pair));

        assertThat(key.algorithm()).isEqualTo(SignatureAlgorithm.ED25519);
        assertThat(key.spki()).isEqualTo(spki(pair));
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(OTHER, signature)).isFalse();
        assertThat(key.verify(MESSAGE, Bytes.EMPTY)).isFalse();
        assertThat(key.verify(MESSAGE, signature.slice(0, 63))).isFalse();
        assertThat(key.verify(MESSAGE, signature.concat(Bytes.zeros(1)))).isFalse();
        refused(spki(pair).concat(Bytes.zeros(1)));
    }

    @Test
    void aPointBesideEd25519IsRefused() {
        Bytes spki = Bytes.fromHex("302a300506032b6570032100" + "02" + "00".repeat(31));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ENGINE.key(spki))
                .withMessage("subjectPublicKey at offset 0xc: expected a point on Ed25519, found " + spki);
    }

    @Test
    void rsaPssIsVerifiedWithItsOneSetOfParameters() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        VerificationKey key = ENGINE.key(spki(pair));
        Bytes signature = sign("RSASSA-PSS", pair.getPrivate(), pss("SHA-384", MGF1ParameterSpec.SHA384, 48));

        assertThat(key.algorithm()).isEqualTo(SignatureAlgorithm.RSASSA_PSS_SHA384);
        assertThat(key.spki()).isEqualTo(spki(pair));
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(OTHER, signature)).isFalse();
        assertThat(key.verify(MESSAGE, Bytes.EMPTY)).isFalse();
        assertThat(key.verify(MESSAGE, signature.slice(1, signature.size()))).isFalse();
        assertThat(key.verify(MESSAGE, Bytes.zeros(1).concat(signature))).isFalse();
        assertThat(key.verify(MESSAGE, Bytes.fromHex("ff".repeat(signature.size()))))
                .isFalse();
        for (PSSParameterSpec other : new PSSParameterSpec[] {
            pss("SHA-384", MGF1ParameterSpec.SHA384, 32),
            pss("SHA-384", MGF1ParameterSpec.SHA256, 48),
            pss("SHA-256", MGF1ParameterSpec.SHA384, 48)
        }) {
            assertThat(key.verify(MESSAGE, sign("RSASSA-PSS", pair.getPrivate(), other)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"2048, 17", "2048, 32", "8192, 17", "2049, 17"})
    void rsaKeysWithinTheLimitsAreTaken(int bits, int exponentBits) throws Exception {
        assertThat(ENGINE.key(rsa(bits, exponentBits)).algorithm()).isEqualTo(SignatureAlgorithm.RSASSA_PSS_SHA384);
    }

    @ParameterizedTest
    @CsvSource({"2047, 17", "8193, 17", "2048, 33"})
    void rsaKeysBeyondTheLimitsAreRefused(int bits, int exponentBits) throws Exception {
        Bytes spki = rsa(bits, exponentBits);

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ENGINE.key(spki))
                .withMessage("subjectPublicKeyInfo at offset 0x0: expected P-256 or P-384 (named curve, uncompressed), "
                        + "Ed25519, or RSA of 2048 to 8192 bits, found RSA of " + bits + " bits with exponent of "
                        + exponentBits + " bits");
    }

    @Test
    void anRsaKeyInAnotherEncodingIsRefused() throws Exception {
        Bytes spki = rsa(2048, 17);
        // The length of the outermost sequence in three bytes where two do.
        Bytes longForm = Bytes.fromHex("308300").concat(spki.slice(2, spki.size()));

        refused(spki.concat(Bytes.zeros(1)));
        refused(longForm);
        refused(Bytes.EMPTY);
        refused(Bytes.utf8("no key"));
    }

    @Test
    void aKeyThatIsTooLongIsNotDecoded() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ENGINE.key(Bytes.zeros(2049)))
                .withMessageEndingWith("found 2049 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> ENGINE.key(Bytes.zeros(2048)))
                .withMessageContaining("found 0000");
    }

    private static Bytes rsa(int bits, int exponentBits) throws Exception {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        BigInteger exponent = exponentBits == 17
                ? EXPONENT
                : BigInteger.ONE.shiftLeft(exponentBits - 1).add(BigInteger.ONE);
        return Bytes.of(KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, exponent))
                .getEncoded());
    }

    private static PSSParameterSpec pss(String hash, MGF1ParameterSpec mask, int salt) {
        return new PSSParameterSpec(hash, "MGF1", mask, salt, PSSParameterSpec.TRAILER_FIELD_BC);
    }

    private static KeyPair pair(String algorithm, String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static Bytes spki(KeyPair pair) {
        return Bytes.of(pair.getPublic().getEncoded());
    }

    private static Bytes sign(String algorithm, PrivateKey key, @Nullable PSSParameterSpec parameters)
            throws Exception {
        Signature signer = Signature.getInstance(algorithm);
        if (parameters != null) {
            signer.setParameter(parameters);
        }
        signer.initSign(key);
        signer.update(MESSAGE.toByteArray());
        return Bytes.of(signer.sign());
    }

    private static void refused(Bytes spki) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .as(spki.hex())
                .isThrownBy(() -> ENGINE.key(spki))
                .satisfies(e -> assertThat(e.field()).isEqualTo("subjectPublicKeyInfo"));
    }
}
