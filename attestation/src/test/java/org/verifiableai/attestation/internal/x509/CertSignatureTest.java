package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.verifiableai.attestation.internal.x509.CertBytes.pss;
import static org.verifiableai.attestation.internal.x509.CertBytes.sha384;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.element;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;

class CertSignatureTest {

    private static final Bytes SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing());
    private static final Bytes TRAILER = context(3, integer(1));

    @Test
    void theAlgorithmsOfEvidenceAreKnown() throws Exception {
        assertThat(algorithm(sequence(oid("1.2.840.10045.4.3.2")))).isEqualTo(SignatureAlgorithm.ECDSA_P256_SHA256);
        assertThat(algorithm(CertBytes.ECDSA)).isEqualTo(SignatureAlgorithm.ECDSA_P384_SHA384);
        assertThat(algorithm(CertBytes.PSS)).isEqualTo(SignatureAlgorithm.RSASSA_PSS_SHA384);
    }

    @Test
    void anyOtherAlgorithmIsRefusedByItsIdentifier() {
        Der der = Der.of(integer(1).concat(sequence(oid("1.2.840.113549.1.1.12"), nothing())));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> {
                    der.integer("before");
                    CertSignature.readAlgorithm("algorithm", der);
                })
                .withMessage("algorithm at offset 0x3: expected ECDSA with SHA-256 or SHA-384, or RSASSA-PSS, "
                        + "found 1.2.840.113549.1.1.12");
    }

    @Test
    void ecdsaHasNoParameters() {
        refused(sequence(oid("1.2.840.10045.4.3.3"), nothing()));
    }

    @Test
    void pssParametersAreComparedByMeaningAndNotByEncoding() throws Exception {
        Bytes bare = sequence(oid("2.16.840.1.101.3.4.2.2"));
        for (Bytes hash : List.of(sha384(), bare)) {
            for (Bytes maskHash : List.of(sha384(), bare)) {
                for (Bytes trailer : List.of(TRAILER, Bytes.EMPTY)) {
                    assertThat(algorithm(pss(hash, maskHash, 48, trailer)))
                            .isEqualTo(SignatureAlgorithm.RSASSA_PSS_SHA384);
                }
            }
        }
    }

    @Test
    void otherPssParametersAreRefused() {
        refused(pss(SHA256, sha384(), 48, TRAILER));
        refused(pss(sha384(), SHA256, 48, TRAILER));
        refused(pss(sha384(), sha384(), 47, TRAILER));
        refused(pss(sha384(), sha384(), 32, Bytes.EMPTY));
        refused(pss(sha384(), sha384(), 48, context(3, integer(2))));
        refused(pss(sha384(), sha384(), 48, TRAILER.concat(TRAILER)));
        refused(pss(sequence(oid("2.16.840.1.101.3.4.2.2"), integer(0)), sha384(), 48, TRAILER));
        refused(pss(sequence(oid("2.16.840.1.101.3.4.2.2"), nothing(), nothing()), sha384(), 48, TRAILER));
        refused(pss(sha384(), sequence(oid("2.16.840.1.101.3.4.2.2"), element(Der.NULL, Bytes.zeros(1))), 48, TRAILER));
        refused(pss(sha384().concat(nothing()), sha384(), 48, TRAILER));
        refused(pss(sha384(), sha384().concat(nothing()), 48, TRAILER));
        Bytes mask = sequence(oid("1.2.840.113549.1.1.9"), sha384());
        refused(sequence(
                oid("1.2.840.113549.1.1.10"),
                sequence(context(0, sha384()), context(1, mask), context(2, integer(48)))));
        refused(sequence(oid("1.2.840.113549.1.1.10")));
        refused(sequence(oid("1.2.840.113549.1.1.10"), nothing()));
    }

    @Test
    void aRefusedPssParameterIsNamedWithItsPlace() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> algorithm(pss(sha384(), sha384(), 47, TRAILER)))
                .withMessage("algorithm at offset 0x3e: expected 48, found 47");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> algorithm(pss(sha384(), sha384(), 48, context(3, integer(2)))))
                .withMessage("algorithm at offset 0x43: expected 1, found 2");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> algorithm(pss(SHA256, sha384(), 48, TRAILER)))
                .withMessage("algorithm at offset 0x13: expected 2.16.840.1.101.3.4.2.2, found 2.16.840.1.101.3.4.2.1");
    }

    @Test
    void anEcdsaSignatureReachesTheKeyInFixedWidth() {
        Bytes short384 = sequence(integer(1), element(Der.INTEGER, Bytes.fromHex("0080" + "00".repeat(46))));
        Bytes full384 = sequence(
                element(Der.INTEGER, Bytes.fromHex("00" + "ff".repeat(48))),
                element(Der.INTEGER, Bytes.fromHex("00" + "ee".repeat(48))));
        RecordingKey p384 = new RecordingKey(SignatureAlgorithm.ECDSA_P384_SHA384);

        assertThat(verifies(short384, p384)).isTrue();
        assertThat(verifies(full384, p384)).isTrue();
        assertThat(p384.seen)
                .containsExactly(
                        Bytes.fromHex("00".repeat(47) + "01" + "00" + "80" + "00".repeat(46)),
                        Bytes.fromHex("ff".repeat(48) + "ee".repeat(48)));

        RecordingKey p256 = new RecordingKey(SignatureAlgorithm.ECDSA_P256_SHA256);
        assertThat(verifies(sequence(integer(1), integer(0x80)), p256)).isTrue();
        assertThat(p256.seen).containsExactly(Bytes.fromHex("00".repeat(31) + "01" + "00".repeat(31) + "80"));
    }

    @Test
    void whatIsNoEcdsaSignatureNeverReachesTheKey() {
        Bytes one = integer(1);
        Bytes wide = element(Der.INTEGER, Bytes.fromHex("01" + "00".repeat(48)));
        Bytes wide256 = element(Der.INTEGER, Bytes.fromHex("01" + "00".repeat(32)));
        RecordingKey p384 = new RecordingKey(SignatureAlgorithm.ECDSA_P384_SHA384);
        RecordingKey p256 = new RecordingKey(SignatureAlgorithm.ECDSA_P256_SHA256);

        for (Bytes value : List.of(
                Bytes.EMPTY,
                sequence(one),
                sequence(one, one, one),
                sequence(one, one).concat(Bytes.zeros(1)),
                sequence(integer(0), one),
                sequence(one, integer(0)),
                sequence(integer(-1), one),
                sequence(one, integer(-1)),
                sequence(wide, one),
                sequence(one, wide))) {
            assertThat(verifies(value, p384)).as(value.hex()).isFalse();
        }
        assertThat(verifies(sequence(wide256, one), p256)).isFalse();
        assertThat(verifies(sequence(one, wide256), p256)).isFalse();
        assertThat(p384.seen).isEmpty();
        assertThat(p256.seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignatureAlgorithm.class,
            names = {"ED25519", "RSASSA_PSS_SHA384"})
    void otherSignaturesReachTheKeyAsTheyStand(SignatureAlgorithm algorithm) {
        RecordingKey key = new RecordingKey(algorithm);

        assertThat(verifies(Bytes.fromHex("0a0b"), key)).isTrue();
        assertThat(key.seen).containsExactly(Bytes.fromHex("0a0b"));
    }

    @Test
    void aKeyThatSaysNoIsHeard() {
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            RecordingKey key = new RecordingKey(algorithm);
            key.answer = false;

            assertThat(verifies(sequence(integer(1), integer(1)), key)).isFalse();
            // No certificate of evidence is signed on P-521, so such a key is not even asked.
            assertThat(key.seen).hasSize(algorithm == SignatureAlgorithm.ECDSA_P521_SHA512 ? 0 : 1);
        }
    }

    @Test
    void aKeyOfAnotherAlgorithmIsNotAsked() {
        RecordingKey key = new RecordingKey(SignatureAlgorithm.RSASSA_PSS_SHA384);
        CertSignature signature = new CertSignature(SignatureAlgorithm.ED25519, Bytes.zeros(64));

        assertThat(signature.verifies(Bytes.EMPTY, key)).isFalse();
        assertThat(key.seen).isEmpty();
    }

    private static boolean verifies(Bytes value, RecordingKey key) {
        return new CertSignature(key.algorithm, value).verifies(Bytes.utf8("message"), key);
    }

    private static SignatureAlgorithm algorithm(Bytes identifier) throws MalformedEvidenceException {
        return CertSignature.readAlgorithm("algorithm", Der.of(identifier));
    }

    private static void refused(Bytes identifier) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .as(identifier.hex())
                .isThrownBy(() -> algorithm(identifier))
                .satisfies(e -> assertThat(e.field()).isEqualTo("algorithm"));
    }

    /** A key that notes what it is asked. */
    private static final class RecordingKey implements VerificationKey {

        private final SignatureAlgorithm algorithm;
        private final List<Bytes> seen = new ArrayList<>();
        private boolean answer = true;

        RecordingKey(SignatureAlgorithm algorithm) {
            this.algorithm = algorithm;
        }

        @Override
        public SignatureAlgorithm algorithm() {
            return algorithm;
        }

        @Override
        public Bytes spki() {
            return Bytes.EMPTY;
        }

        @Override
        public boolean verify(Bytes message, Bytes signature) {
            assertThat(message).isEqualTo(Bytes.utf8("message"));
            seen.add(signature);
            return answer;
        }
    }
}
