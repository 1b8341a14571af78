package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

class OcspResponseFuzzTest {

    private static final Instant NOW = Instant.parse("2025-01-02T12:00:00Z");

    @MethodSource("seeds")
    @FuzzTest
    void anAnswerIsRefusedOrReadWhole(byte[] input) throws MalformedEvidenceException {
        OcspExaminer examiner = new OcspExaminer(SignatureEngine.bouncyCastle(), 1);
        X509Cert certificate = X509Cert.parse(CertBytes.of("Subject").build());
        List<OcspFinding> findings =
                examiner.examine(List.of(new OcspLink(certificate, certificate)), List.of(Bytes.of(input)), NOW);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).detail()).isNotEmpty();
        OcspResponse response;
        try {
            response = OcspResponse.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(response.toString()).isNotEmpty();
        OcspBasicResponse answer = response.basic();
        if (answer != null) {
            assertThat(answer.tbs().size()).isLessThan(input.length);
            assertThat(answer.responses()).hasSizeBetween(1, OcspResponse.MAX_RESPONSES);
            assertThat(answer.certificates()).hasSizeLessThanOrEqualTo(OcspResponse.MAX_CERTIFICATES);
            assertThat(answer.responderId().toString()).isNotNull();
        }
    }

    static List<byte[]> seeds() throws MalformedEvidenceException {
        X509Cert subject = X509Cert.parse(CertBytes.of("Subject").build());
        OcspCertId id = OcspCertId.of(subject, subject);
        OcspBytes good = new OcspBytes().certificates(1);
        good.serial = DerBytes.integer(0);
        good.issuerNameHash = DerBytes.octets(id.issuerNameHash());
        good.issuerKeyHash = DerBytes.octets(id.issuerKeyHash());
        good.responderId = DerBytes.context(1, CertBytes.name("Subject"));
        good.signature = DerBytes.bits(GeneratorKey.sign(good.tbs()));
        OcspBytes revoked = new OcspBytes();
        revoked.certStatus = OcspBytes.revoked(OcspBytes.THIS_UPDATE, OcspBytes.reason(6));
        revoked.responseExtensions =
                OcspBytes.extensions(OcspBytes.extension(OcspRequest.NONCE, DerBytes.octets(Bytes.zeros(32))));
        OcspBytes unknown = new OcspBytes();
        unknown.certStatus = OcspBytes.UNKNOWN;
        unknown.version = DerBytes.context(0, DerBytes.integer(0));
        unknown.hashAlgorithm = DerBytes.sequence(DerBytes.oid("1.3.14.3.2.26"));
        unknown.issuerNameHash = DerBytes.octets(Bytes.zeros(20));
        unknown.issuerKeyHash = unknown.issuerNameHash;
        return Stream.of(good.build(), revoked.build(), unknown.build(), OcspBytes.refusal(3))
                .map(Bytes::toByteArray)
                .toList();
    }
}
