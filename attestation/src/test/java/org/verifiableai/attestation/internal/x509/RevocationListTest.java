package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.verifiableai.attestation.internal.x509.CertBytes.revoked;
import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;
import static org.verifiableai.attestation.internal.x509.DerBytes.utcTime;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

class RevocationListTest {

    @Test
    void everyFieldIsReadAsItStands() throws Exception {
        CertBytes bytes = CertBytes.of("").with("2.5.29.20", integer(7)).algorithm(CertBytes.PSS);
        bytes.issuer = CertBytes.name("ARK-Milan");

        RevocationList list = RevocationList.parse(
                bytes.buildList(revoked(5, Bytes.EMPTY), revoked(6, sequence()), revoked(5, Bytes.EMPTY)));

        assertThat(list.tbs().size()).isGreaterThan(100);
        assertThat(list.issuer().commonName()).contains("ARK-Milan");
        assertThat(list.thisUpdate()).isEqualTo("2025-01-02T03:04:05Z");
        assertThat(list.nextUpdate()).isEqualTo("2032-01-02T03:04:05Z");
        assertThat(list.revoked()).containsExactlyInAnyOrder(BigInteger.valueOf(5), BigInteger.valueOf(6));
        assertThat(list.revoked()).isUnmodifiable();
        assertThat(list.signature())
                .isEqualTo(new CertSignature(SignatureAlgorithm.RSASSA_PSS_SHA384, Bytes.fromHex("3006020101020101")));
    }

    @Test
    void aListMayRevokeNothing() throws Exception {
        assertThat(RevocationList.parse(CertBytes.of("").buildList()).revoked()).isEmpty();
    }

    /** Kept in order, so that no choice of serials makes a look-up long: all of these have one hash code. */
    @Test
    void serialsThatCollideAreKeptInOrder() throws Exception {
        Bytes[] entries = new Bytes[500];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = revoked(collidingSerial(entries.length - i), Bytes.EMPTY);
        }

        RevocationList list = RevocationList.parse(CertBytes.of("").buildList(entries));

        assertThat(list.revoked()).hasSize(entries.length);
        assertThat(list.revoked().stream().map(BigInteger::hashCode).distinct()).hasSize(1);
        assertThat(List.copyOf(list.revoked())).isSorted();
    }

    /** A BigInteger of two words hashes to 31 times the upper and the lower. */
    private static long collidingSerial(int upper) {
        return ((long) upper << 32) | Integer.toUnsignedLong(7 - 31 * upper);
    }

    @Test
    void aListIsCurrentFromThisUpdateToBeforeNextUpdate() throws Exception {
        RevocationList list = RevocationList.parse(CertBytes.of("").buildList());
        Instant from = list.thisUpdate();
        Instant until = list.nextUpdate();

        assertThat(list.currentAt(from)).isTrue();
        assertThat(list.currentAt(from.minusNanos(1))).isFalse();
        assertThat(list.currentAt(until.minusNanos(1))).isTrue();
        assertThat(list.currentAt(until)).isFalse();
    }

    @Test
    void theIssuersKeyIsAskedForTheSignedPart() throws Exception {
        CertBytes bytes = CertBytes.of("");
        bytes.signature =
                bits(GeneratorKey.sign(RevocationList.parse(bytes.buildList()).tbs()));
        VerificationKey key = SignatureEngine.standard().key(CertBytes.P384_SPKI);

        assertThat(RevocationList.parse(bytes.buildList()).signedBy(key)).isTrue();
        assertThat(RevocationList.parse(bytes.buildList(revoked(1, Bytes.EMPTY)))
                        .signedBy(key))
                .isFalse();
    }

    @Test
    void theLargestListIsOf1MiB() throws Exception {
        int head = CertBytes.of("")
                        .with("1.2.3", Bytes.zeros(1_000_000))
                        .buildList()
                        .size()
                - 1_000_000;
        Bytes largest = CertBytes.of("")
                .with("1.2.3", Bytes.zeros(RevocationList.MAX_SIZE - head))
                .buildList();
        Bytes larger = CertBytes.of("")
                .with("1.2.3", Bytes.zeros(RevocationList.MAX_SIZE - head + 1))
                .buildList();

        assertThat(largest.size()).isEqualTo(1024 * 1024);
        assertThat(RevocationList.parse(largest).revoked()).isEmpty();
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(larger))
                .withMessage("crl at offset 0x0: expected at most 1048576 bytes, found 1048577 bytes");
    }

    @Test
    void aListWithoutANextUpdateWouldNeverGrowOld() {
        refused("nextUpdate", c -> c.notAfter = Bytes.EMPTY);
    }

    @Test
    void nothingFollowsAListOrItsParts() {
        Bytes more = integer(1);
        Bytes whole = CertBytes.of("").buildList();

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(whole.concat(more)))
                .withMessage("crl at offset 0x6c: expected nothing more, found 3 bytes");
        refused("crl", c -> c.signature = c.signature.concat(more));
        refused("tbsCertList", c -> c.afterExtensions = more);
        refused("crlExtensions", c -> c.afterExtensions = context(0, sequence(), more));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(
                        CertBytes.of("").buildList(revoked(1, sequence().concat(more)))))
                .satisfies(e -> assertThat(e.field()).isEqualTo("revokedCertificate"));
    }

    @Test
    void anEntryHoldsSerialAndDate() {
        for (Bytes wrong : new Bytes[] {
            sequence(),
            sequence(integer(1)),
            sequence(utcTime("250203040506Z")),
            sequence(integer(1), integer(1)),
            nothing()
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> RevocationList.parse(CertBytes.of("").buildList(wrong)));
        }
    }

    @Test
    void anotherVersionIsRefused() {
        Bytes list = CertBytes.of("").buildList();
        byte[] raw = list.toByteArray();
        raw[6] = 0; // the number behind two heads of two bytes and its own

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(Bytes.of(raw)))
                .withMessage("version at offset 0x0: expected 1, which is version 2, found 0");
    }

    @Test
    void theAlgorithmOutsideIsTheSignedOne() {
        CertBytes bytes = CertBytes.of("");
        bytes.outerAlgorithm = CertBytes.PSS;

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(bytes.buildList()))
                .withMessage("signatureAlgorithm at offset 0x0: expected the signed ECDSA_P384_SHA384, "
                        + "found RSASSA_PSS_SHA384");
    }

    @Test
    void aCriticalExtensionMakesAListUnusable() {
        Bytes list = CertBytes.of("")
                .with("2.5.29.20", integer(7))
                .withCritical("2.5.29.28", sequence())
                .withCritical("2.5.29.27", integer(6))
                .buildList();

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(list))
                .withMessage("crlExtensions: expected no critical extension, found [2.5.29.27, 2.5.29.28]");
    }

    private static void refused(String field, Consumer<CertBytes> defect) {
        CertBytes bytes = CertBytes.of("");
        defect.accept(bytes);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> RevocationList.parse(bytes.buildList()))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
