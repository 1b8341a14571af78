package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.element;
import static org.verifiableai.attestation.internal.x509.DerBytes.generalizedTime;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;
import static org.verifiableai.attestation.internal.x509.DerBytes.utcTime;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

class OcspResponseTest {

    private static final String NONCE = "1.3.6.1.5.5.7.48.1.2";

    @Test
    void everyFieldIsReadAsItStands() throws Exception {
        OcspBytes bytes = new OcspBytes().certificates(2);
        bytes.responseExtensions = OcspBytes.extensions(OcspBytes.critical(NONCE, octets(Bytes.fromHex("0102"))));
        bytes.producedAt = generalizedTime("20250102030406Z");

        OcspBasicResponse answer = basic(bytes);

        assertThat(answer.tbs()).isEqualTo(bytes.tbs());
        assertThat(answer.responderId()).isEqualTo(new OcspResponderId.ByKey(Bytes.zeros(20)));
        assertThat(answer.producedAt()).isEqualTo("2025-01-02T03:04:06Z");
        assertThat(answer.nonce()).isEqualTo(Bytes.fromHex("0102"));
        assertThat(answer.repeats(Bytes.fromHex("0102"))).isTrue();
        assertThat(answer.repeats(Bytes.fromHex("0103"))).isFalse();
        assertThat(answer.certificates())
                .containsExactly(sequence(), sequence())
                .isUnmodifiable();
        assertThat(answer.signature())
                .isEqualTo(new CertSignature(SignatureAlgorithm.ECDSA_P384_SHA384, Bytes.fromHex("3006020101020101")));
        assertThat(answer.responses())
                .containsExactly(new OcspSingleResponse(
                        new OcspCertId(OcspHash.SHA384, Bytes.zeros(48), Bytes.zeros(48), BigInteger.valueOf(7)),
                        new OcspCertStatus.Good(),
                        Instant.parse("2025-01-02T03:04:05Z"),
                        Instant.parse("2025-01-03T03:04:05Z")))
                .isUnmodifiable();
    }

    @Test
    void whatIsOptionalMayBeLeftOut() throws Exception {
        OcspBytes bytes = new OcspBytes();
        bytes.nextUpdate = Bytes.EMPTY;

        OcspBasicResponse answer = basic(bytes);

        assertThat(answer.nonce()).isNull();
        assertThat(answer.repeats(Bytes.EMPTY)).isFalse();
        assertThat(answer.certificates()).isEmpty();
        assertThat(answer.responses().get(0).nextUpdate()).isNull();
    }

    @Test
    void aResponderIsNamedBySubjectOrByKey() throws Exception {
        X509Cert certificate = X509Cert.parse(CertBytes.of("Responder").build());
        OcspBytes named = new OcspBytes();
        named.responderId = context(1, CertBytes.name("Responder"));
        OcspBytes other = new OcspBytes();
        other.responderId = context(1, CertBytes.name("Other"));
        OcspBytes keyed = new OcspBytes();
        keyed.responderId = context(2, octets(OcspHash.SHA1.of(OcspCertId.keyBits(CertBytes.P384_SPKI))));

        assertThat(basic(named).responderId().names(certificate)).isTrue();
        assertThat(basic(named).responderId()).hasToString("2.5.4.10=Org,CN=Responder");
        assertThat(basic(other).responderId().names(certificate)).isFalse();
        assertThat(basic(keyed).responderId().names(certificate)).isTrue();
        OcspResponderId ofAnotherKey = basic(new OcspBytes()).responderId();
        assertThat(ofAnotherKey.names(certificate)).isFalse();
        assertThat(ofAnotherKey).hasToString("key " + "00".repeat(20));
    }

    @Test
    void aKeyThatIsNoneIsNobodys() throws Exception {
        CertBytes bytes = CertBytes.of("Responder");
        bytes.spki = sequence();

        assertThat(basic(new OcspBytes()).responderId().names(X509Cert.parse(bytes.build())))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, malformed request, false",
        "2, internal error, true",
        "3, try later, true",
        "5, sig required, false",
        "6, unauthorized, false"
    })
    void aRefusalIsReadBeforeAnythingElse(int number, String text, boolean retryable) throws Exception {
        OcspResponse response = OcspResponse.parse(OcspBytes.refusal(number));

        assertThat(response.status()).hasToString(text);
        assertThat(response.status().retryable()).isEqualTo(retryable);
        assertThat(response.basic()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 127})
    void aStatusThatNobodyHasDefinedIsRefused(int number) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(OcspBytes.refusal(number)))
                .withMessage("responseStatus at offset 0x2: expected 0 to 3, 5 or 6, found " + number);
    }

    @Test
    void aRefusalHasNoAnswerAndSuccessHasOne() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(OcspBytes.refusal(0)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("responseBytes"));
        refused("responseBytes", b -> b.status = OcspBytes.enumerated(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OcspResponse(OcspResponseStatus.SUCCESSFUL, null))
                .withMessage("an answer must be there if and only if the status is successful, found successful");
    }

    @Test
    void aStatusIsReadWithItsReason() throws Exception {
        assertThat(status(OcspBytes.GOOD)).isEqualTo(new OcspCertStatus.Good());
        assertThat(status(OcspBytes.UNKNOWN)).isEqualTo(new OcspCertStatus.Unknown());
        OcspCertStatus.Revoked plain =
                (OcspCertStatus.Revoked) status(OcspBytes.revoked(OcspBytes.THIS_UPDATE, Bytes.EMPTY));
        assertThat(plain.since()).isEqualTo("2025-01-02T03:04:05Z");
        assertThat(plain.reason()).isNull();
        assertThat(plain.reasonText()).isEqualTo("not given");
        assertThat(plain.hold()).isFalse();
        assertThat(plain.neverIssued()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, unspecified",
        "1, keyCompromise",
        "2, cACompromise",
        "3, affiliationChanged",
        "4, superseded",
        "5, cessationOfOperation",
        "6, certificateHold",
        "7, 7",
        "8, removeFromCRL",
        "9, privilegeWithdrawn",
        "10, aACompromise",
        "11, 11"
    })
    void aReasonHasItsWord(int number, String word) throws Exception {
        OcspCertStatus.Revoked revoked =
                (OcspCertStatus.Revoked) status(OcspBytes.revoked(OcspBytes.THIS_UPDATE, OcspBytes.reason(number)));

        assertThat(revoked.reasonText()).isEqualTo(word);
        assertThat(revoked.hold()).isEqualTo(number == 6);
    }

    /** RFC 6960, section 2.2. */
    @Test
    void aHoldSince1970SaysThatNobodyIssuedIt() throws Exception {
        OcspCertStatus.Revoked hold =
                (OcspCertStatus.Revoked) status(OcspBytes.revoked("19700101000000Z", OcspBytes.reason(6)));
        OcspCertStatus.Revoked compromised =
                (OcspCertStatus.Revoked) status(OcspBytes.revoked("19700101000000Z", OcspBytes.reason(1)));

        assertThat(hold.neverIssued()).isTrue();
        assertThat(hold.hold()).isFalse();
        assertThat(compromised.neverIssued()).isFalse();
    }

    @Test
    void anAnswerIsCurrentFromThisUpdateToBeforeNextUpdateAndNeverWithoutOne() throws Exception {
        OcspSingleResponse said = basic(new OcspBytes()).responses().get(0);
        Instant from = said.thisUpdate();
        Instant until = Objects.requireNonNull(said.nextUpdate());

        assertThat(said.currentAt(from)).isTrue();
        assertThat(said.currentAt(from.minusNanos(1))).isFalse();
        assertThat(said.spokenBy(from)).isTrue();
        assertThat(said.spokenBy(from.minusNanos(1))).isFalse();
        assertThat(said.currentAt(until.minusNanos(1))).isTrue();
        assertThat(said.currentAt(until)).isFalse();
        assertThat(said.spokenBy(until)).isTrue();
        assertThat(new OcspSingleResponse(said.certId(), said.status(), from, null).currentAt(from))
                .isFalse();
    }

    @Test
    void theRespondersKeyIsAskedForTheSignedPart() throws Exception {
        OcspBytes bytes = new OcspBytes();
        bytes.signature = bits(GeneratorKey.sign(bytes.tbs()));
        VerificationKey key = SignatureEngine.standard().key(CertBytes.P384_SPKI);

        assertThat(basic(bytes).signedBy(key)).isTrue();
        bytes.serial = integer(8);
        assertThat(basic(bytes).signedBy(key)).isFalse();
    }

    @Test
    void theDefaultVersionMayBeWrittenAndNoOther() throws Exception {
        OcspBytes written = new OcspBytes();
        written.version = context(0, integer(0));

        assertThat(basic(written).responses()).hasSize(1);
        refused("version", b -> b.version = context(0, integer(1)));
        refused("version", b -> b.version = context(0, integer(0), integer(0)));
    }

    @Test
    void theLargestResponseIsOf64KiB() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(Bytes.zeros(OcspResponse.MAX_SIZE + 1)))
                .withMessage("ocsp response at offset 0x0: expected at most 65536 bytes, found 65537 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(Bytes.zeros(OcspResponse.MAX_SIZE)))
                .withMessage("ocsp response at offset 0x0: expected tag 0x30, found tag 0x00");
    }

    @Test
    void anAnswerSpeaksOfOneTo64Certificates() throws Exception {
        OcspBytes most = new OcspBytes();
        most.singles = 64;

        assertThat(basic(most).responses()).hasSize(64);
        refused("responses", b -> b.singles = 65);
        refused("responses", b -> b.singles = 0);
    }

    @Test
    void anAnswerComesWithAtMost8Certificates() throws Exception {
        assertThat(basic(new OcspBytes().certificates(8)).certificates()).hasSize(8);
        refused("certs", b -> b.certificates(9));
    }

    @Test
    void anotherTypeOfAnswerIsRefused() {
        refused("responseType", b -> b.responseType = oid("1.3.6.1.5.5.7.48.1.9"));
    }

    @Test
    void aTimeIsAGeneralizedTime() {
        refused("producedAt", b -> b.producedAt = utcTime("250102030405Z"));
        refused("thisUpdate", b -> b.thisUpdate = utcTime("250102030405Z"));
        refused("nextUpdate", b -> b.nextUpdate = context(0, utcTime("250102030405Z")));
        refused("revocationTime", b -> b.certStatus = context(1, utcTime("250102030405Z")));
    }

    @Test
    void nothingFollowsAResponseOrItsParts() {
        Bytes more = integer(1);
        Bytes whole = new OcspBytes().build();

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(whole.concat(more)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("ocsp response"));
        refused("ocsp response", b -> b.afterResponse = more);
        refused("responseBytes", b -> b.afterResponseBytes = more);
        refused("responseBytes", b -> b.afterType = more);
        refused("response", b -> b.afterWholeBasic = more);
        refused("response", b -> b.afterBasic = more);
        refused("tbsResponseData", b -> b.afterTbs = more);
        refused("certID", b -> b.afterCertId = more);
        refused("singleResponse", b -> b.singleExtensions = more);
        refused("certs", b -> b.certificates = context(0, sequence(), more));
        refused("certStatus", b -> b.certStatus = element(0x80, more));
        refused("certStatus", b -> b.certStatus = element(0x82, more));
        refused("certStatus", b -> b.certStatus = OcspBytes.revoked(OcspBytes.THIS_UPDATE, more));
        refused(
                "revocationReason",
                b -> b.certStatus =
                        OcspBytes.revoked(OcspBytes.THIS_UPDATE, context(0, OcspBytes.enumerated(1), more)));
        refused("nextUpdate", b -> b.nextUpdate = context(0, generalizedTime(OcspBytes.NEXT_UPDATE), more));
        refused("responderID", b -> b.responderId = context(2, octets(Bytes.zeros(20)), more));
        refused("responderID", b -> b.responderId = context(1, CertBytes.name("R"), more));
        refused("hashAlgorithm", b -> b.hashAlgorithm = sequence(oid("1.3.14.3.2.26"), nothing(), more));
        refused("hashAlgorithm", b -> b.hashAlgorithm = sequence(oid("1.3.14.3.2.26"), element(Der.NULL, more)));
    }

    @Test
    void aResponderIsNamedInOneOfTwoWays() {
        refused("responderID", b -> b.responderId = context(3, octets(Bytes.zeros(20))));
        refused("responderID", b -> b.responderId = context(2, octets(Bytes.zeros(19))));
    }

    @Test
    void aHashIsKnownAndOfItsSize() {
        refused("hashAlgorithm", b -> b.hashAlgorithm = sequence(oid("1.2.840.113549.2.5")));
        refused("issuerNameHash", b -> b.issuerNameHash = octets(Bytes.zeros(20)));
        refused("issuerKeyHash", b -> b.issuerKeyHash = octets(Bytes.zeros(49)));
    }

    @Test
    void anAlgorithmThatNoEvidenceUsesIsRefused() {
        refused("signatureAlgorithm", b -> b.algorithm = sequence(oid("1.2.840.113549.1.1.5"), nothing()));
    }

    @Test
    void aCriticalExtensionThatIsUnknownMakesAnAnswerUnusable() throws Exception {
        OcspBytes harmless = new OcspBytes();
        harmless.responseExtensions = OcspBytes.extensions(OcspBytes.extension("1.3.6.1.5.5.7.48.1.9", nothing()));
        harmless.singleExtensions = OcspBytes.extensions(OcspBytes.extension("1.3.6.1.5.5.7.48.1.6", nothing()));

        assertThat(basic(harmless).responses()).hasSize(1);
        refused(
                "responseExtensions",
                b -> b.responseExtensions =
                        OcspBytes.extensions(OcspBytes.critical("1.3.6.1.5.5.7.48.1.9", nothing())));
        refused(
                "singleExtensions",
                b -> b.singleExtensions = OcspBytes.extensions(OcspBytes.critical("1.3.6.1.5.5.7.48.1.6", nothing())));
        // Of the answer as a whole, and not of one certificate in it.
        refused(
                "singleExtensions",
                b -> b.singleExtensions = OcspBytes.extensions(OcspBytes.critical(NONCE, octets(Bytes.zeros(1)))));
    }

    @Test
    void aNonceIsOf1To128Bytes() throws Exception {
        for (int size : new int[] {1, 128}) {
            OcspBytes bytes = new OcspBytes();
            bytes.responseExtensions = OcspBytes.extensions(OcspBytes.extension(NONCE, octets(Bytes.zeros(size))));
            assertThat(basic(bytes).nonce()).isEqualTo(Bytes.zeros(size));
        }
        for (Bytes wrong : new Bytes[] {
            octets(Bytes.EMPTY),
            octets(Bytes.zeros(129)),
            octets(Bytes.zeros(1)).concat(nothing()),
            Bytes.zeros(32)
        }) {
            refused("nonce", b -> b.responseExtensions = OcspBytes.extensions(OcspBytes.extension(NONCE, wrong)));
        }
    }

    private static OcspCertStatus status(Bytes encoded) throws MalformedEvidenceException {
        OcspBytes bytes = new OcspBytes();
        bytes.certStatus = encoded;
        return basic(bytes).responses().get(0).status();
    }

    private static OcspBasicResponse basic(OcspBytes bytes) throws MalformedEvidenceException {
        OcspResponse response = OcspResponse.parse(bytes.build());
        assertThat(response.status()).isEqualTo(OcspResponseStatus.SUCCESSFUL);
        return Objects.requireNonNull(response.basic());
    }

    private static void refused(String field, Consumer<OcspBytes> defect) {
        OcspBytes bytes = new OcspBytes();
        defect.accept(bytes);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OcspResponse.parse(bytes.build()))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
