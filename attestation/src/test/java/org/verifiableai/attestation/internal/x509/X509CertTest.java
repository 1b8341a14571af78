package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.bool;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.math.BigInteger;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

class X509CertTest {

    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final Bytes AUTHORITY = sequence(bool(true));

    @Test
    void everyFieldIsReadAsItStands() throws Exception {
        CertBytes bytes = CertBytes.of("subject")
                .with("1.2.3", Bytes.fromHex("0a0b"))
                .withCritical(BASIC_CONSTRAINTS, sequence(bool(true), integer(3)))
                .with(KEY_USAGE, Bytes.fromHex("03020106"));
        bytes.serial = integer(0x1234);

        X509Cert certificate = X509Cert.parse(bytes.build());

        assertThat(certificate.der()).isEqualTo(bytes.build());
        assertThat(certificate.tbs()).isEqualTo(bytes.tbs());
        assertThat(certificate.serialNumber()).isEqualTo(0x1234);
        assertThat(certificate.issuer().commonName()).contains("SEV-Milan");
        assertThat(certificate.subject().commonName()).contains("subject");
        assertThat(certificate.notBefore()).isEqualTo("2025-01-02T03:04:05Z");
        assertThat(certificate.notAfter()).isEqualTo("2032-01-02T03:04:05Z");
        assertThat(certificate.spki()).isEqualTo(CertBytes.P384_SPKI);
        assertThat(certificate.signature())
                .isEqualTo(new CertSignature(SignatureAlgorithm.ECDSA_P384_SHA384, Bytes.fromHex("3006020101020101")));
        assertThat(certificate.basicConstraints())
                .isEqualTo(new X509Cert.BasicConstraints(true, BigInteger.valueOf(3)));
        assertThat(certificate.keyUsage()).isEqualTo(0b110_0000);
        assertThat(certificate.extension("1.2.3")).contains(Bytes.fromHex("0a0b"));
        assertThat(certificate.extension("1.2.4")).isEmpty();
        assertThat(certificate.criticalExtensions()).containsExactly(BASIC_CONSTRAINTS);
        assertThat(certificate)
                .hasToString("X509Cert[2.5.4.10=Org,CN=subject, serial 4660, sha256 "
                        + bytes.build().sha256() + "]");
    }

    @Test
    void aCertificateWithoutExtensionsSaysNothingOfAuthority() throws Exception {
        X509Cert certificate = X509Cert.parse(CertBytes.of("subject").build());

        assertThat(certificate.extensions()).isEmpty();
        assertThat(certificate.basicConstraints()).isNull();
        assertThat(certificate.keyUsage()).isNull();
        assertThat(certificate.mayIssue()).isFalse();
        assertThat(certificate.maySignData()).isTrue();
        assertThat(certificate.mayRevoke()).isTrue();
    }

    @Test
    void theLargestCertificateIsOf16KiB() throws Exception {
        int head = CertBytes.of("s").with("1.2.3", Bytes.zeros(15_000)).build().size() - 15_000;
        Bytes largest = CertBytes.of("s")
                .with("1.2.3", Bytes.zeros(X509Cert.MAX_SIZE - head))
                .build();
        Bytes larger = CertBytes.of("s")
                .with("1.2.3", Bytes.zeros(X509Cert.MAX_SIZE - head + 1))
                .build();

        assertThat(largest.size()).isEqualTo(16384);
        assertThat(X509Cert.parse(largest).der()).isEqualTo(largest);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> X509Cert.parse(larger))
                .withMessage("certificate at offset 0x0: expected at most 16384 bytes, found 16385 bytes");
    }

    @Test
    void nothingFollowsACertificateOrItsParts() {
        Bytes more = integer(1);
        CertBytes bytes = CertBytes.of("s");
        refused(
                "certificate at offset 0x10a: expected nothing more, found 3 bytes",
                bytes.build().concat(more));
        refused(
                "certificate at offset 0x10a: expected nothing more, found 3 bytes",
                sequence(bytes.tbs(), bytes.outerAlgorithm, bytes.signature, more));
        refused("tbsCertificate", c -> c.afterExtensions = more);
        refused("validity", c -> c.notAfter = c.notAfter.concat(more));
        refused("version", c -> c.version = context(0, integer(2), more));
        refused("extensions", c -> c.afterExtensions = context(3, sequence(), more));
        refused("extensions", c -> c.extensions.add(sequence(oid("1.2"), octets(more), more)));
        refused("basicConstraints", c -> c.with(BASIC_CONSTRAINTS, sequence().concat(more)));
        refused("basicConstraints", c -> c.with(BASIC_CONSTRAINTS, sequence(bool(true), more, more)));
        refused("keyUsage", c -> c.with(KEY_USAGE, Bytes.fromHex("03020106").concat(more)));
    }

    @Test
    void anotherVersionIsRefused() {
        CertBytes bytes = CertBytes.of("s");
        bytes.version = context(0, integer(1));

        refused("version at offset 0x3: expected 2, which is version 3, found 1", bytes.build());
        refused("version", c -> c.version = Bytes.EMPTY);
    }

    @Test
    void theAlgorithmOutsideIsTheSignedOne() {
        CertBytes bytes = CertBytes.of("s");
        bytes.outerAlgorithm = CertBytes.PSS;
        long offset = 3L + bytes.tbs().size();

        refused(
                "signatureAlgorithm at offset 0x" + Long.toHexString(offset + 1)
                        + ": expected the signed ECDSA_P384_SHA384, found RSASSA_PSS_SHA384",
                bytes.build());
    }

    @Test
    void anExtensionComesOnce() {
        refused(
                "extensions at offset 0xfc: expected one extension 1.2.3, found a second",
                CertBytes.of("s")
                        .with("1.2.3", Bytes.EMPTY)
                        .withCritical("1.2.3", Bytes.EMPTY)
                        .build());
    }

    @Test
    void anExtensionThatSaysItIsNotCriticalIsNot() throws Exception {
        CertBytes bytes = CertBytes.of("s");
        bytes.extensions.add(sequence(oid("1.2.3"), bool(false), octets(Bytes.EMPTY)));

        assertThat(X509Cert.parse(bytes.build()).criticalExtensions()).isEmpty();
        assertThat(X509Cert.parse(bytes.build()).extension("1.2.3")).contains(Bytes.EMPTY);
    }

    @Test
    void basicConstraintsMayLeaveOutEitherPart() throws Exception {
        assertThat(constraints(sequence())).isEqualTo(new X509Cert.BasicConstraints(false, null));
        assertThat(constraints(sequence(bool(false)))).isEqualTo(new X509Cert.BasicConstraints(false, null));
        assertThat(constraints(sequence(bool(true)))).isEqualTo(new X509Cert.BasicConstraints(true, null));
        assertThat(constraints(sequence(integer(2))))
                .isEqualTo(new X509Cert.BasicConstraints(false, BigInteger.valueOf(2)));
    }

    @ParameterizedTest
    @CsvSource({
        "03020780, 1",
        "030206c0, 3",
        "03020001, 128",
        "030300ff80, 511",
        "0303070080, 256",
        "03020520, 4",
        "03020000, 0",
    })
    void keyUsageIsReadBitByBit(String value, int usage) throws Exception {
        assertThat(X509Cert.parse(CertBytes.of("s")
                                .with(KEY_USAGE, Bytes.fromHex(value))
                                .build())
                        .keyUsage())
                .isEqualTo(usage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0880", "00ffffff", "ff80"})
    void keyUsageOfAnotherFormIsRefused(String content) {
        refused(
                "keyUsage at offset 0x0: expected a BIT STRING of 1 to 9 bits, found " + content,
                CertBytes.of("s")
                        .with(KEY_USAGE, DerBytes.element(Der.BIT_STRING, Bytes.fromHex(content)))
                        .build());
    }

    @Test
    void anAuthorityMayIssueAndSignsNoData() throws Exception {
        X509Cert authority = X509Cert.parse(
                CertBytes.of("s").with(BASIC_CONSTRAINTS, AUTHORITY).build());

        assertThat(authority.mayIssue()).isTrue();
        assertThat(authority.maySignData()).isFalse();
        assertThat(authority.mayRevoke()).isTrue();
    }

    @Test
    void keyUsageNarrowsWhatASubjectMay() throws Exception {
        assertThat(authority("03020204").mayIssue()).isTrue();
        assertThat(authority("03020204").mayRevoke()).isFalse();
        assertThat(authority("03020102").mayIssue()).isFalse();
        assertThat(authority("03020102").mayRevoke()).isTrue();
        assertThat(leaf("03020780").maySignData()).isTrue();
        assertThat(leaf("03020780").mayIssue()).isFalse();
        assertThat(leaf("03020640").maySignData()).isFalse();
        assertThat(leaf("03020204").mayIssue()).isFalse();
    }

    @Test
    void validityIncludesBothEnds() throws Exception {
        X509Cert certificate = X509Cert.parse(CertBytes.of("s").build());
        Instant from = certificate.notBefore();
        Instant until = certificate.notAfter();

        assertThat(certificate.validAt(from)).isTrue();
        assertThat(certificate.validAt(until)).isTrue();
        assertThat(certificate.validAt(from.minusNanos(1))).isFalse();
        assertThat(certificate.validAt(until.plusNanos(1))).isFalse();
    }

    @Test
    void theIssuersKeyIsAskedForTheSignedPart() throws Exception {
        CertBytes bytes = CertBytes.of("s");
        CertBytes other = CertBytes.of("t");
        bytes.signature = bits(GeneratorKey.sign(bytes.tbs()));
        other.signature = bytes.signature;
        VerificationKey key = SignatureEngine.standard().key(CertBytes.P384_SPKI);

        assertThat(X509Cert.parse(bytes.build()).signedBy(key)).isTrue();
        assertThat(X509Cert.parse(other.build()).signedBy(key)).isFalse();
    }

    @Test
    void extensionsAreNotTheCallersToChange() throws Exception {
        X509Cert certificate = X509Cert.parse(
                CertBytes.of("s").withCritical("1.2.3", Bytes.EMPTY).build());

        assertThat(certificate.extensions()).isUnmodifiable();
        assertThat(certificate.criticalExtensions()).isUnmodifiable();
    }

    private static X509Cert authority(String usage) throws MalformedEvidenceException {
        return X509Cert.parse(CertBytes.of("s")
                .with(BASIC_CONSTRAINTS, AUTHORITY)
                .with(KEY_USAGE, Bytes.fromHex(usage))
                .build());
    }

    private static X509Cert leaf(String usage) throws MalformedEvidenceException {
        return X509Cert.parse(CertBytes.of("s")
                .with(BASIC_CONSTRAINTS, sequence())
                .with(KEY_USAGE, Bytes.fromHex(usage))
                .build());
    }

    private static X509Cert.@Nullable BasicConstraints constraints(Bytes value) throws MalformedEvidenceException {
        return X509Cert.parse(CertBytes.of("s").with(BASIC_CONSTRAINTS, value).build())
                .basicConstraints();
    }

    private static void refused(String message, Bytes der) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> X509Cert.parse(der))
                .withMessage(message);
    }

    private static void refused(String field, Consumer<CertBytes> defect) {
        CertBytes bytes = CertBytes.of("s");
        defect.accept(bytes);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> X509Cert.parse(bytes.build()))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
