package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.OcspBasicResponse;
import org.verifiableai.attestation.internal.x509.OcspCertId;
import org.verifiableai.attestation.internal.x509.OcspHash;
import org.verifiableai.attestation.internal.x509.OcspRequest;
import org.verifiableai.attestation.internal.x509.OcspResponse;
import org.verifiableai.attestation.internal.x509.OcspResponseStatus;
import org.verifiableai.attestation.internal.x509.OcspSingleResponse;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.nvidia.GpuArchitecture;

/** The responder reads questions and writes answers with another implementation than the one that it is asked by here. */
class SoftwareOcspTest {

    private static final SoftwareGpu GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu OTHER_GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.5Z");
    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));

    @ParameterizedTest
    @EnumSource
    void aQuestionIsAnsweredByTheHashThatItIsAskedWith(OcspHash hash) throws Exception {
        OcspCertId asked = id(hash);

        OcspBasicResponse answer = answer(GPU.ocsp(1), OcspRequest.of(asked));

        OcspSingleResponse said = answer.responses().get(0);
        assertThat(said.certId()).isEqualTo(asked);
        assertThat(said.thisUpdate()).isEqualTo("2026-11-24T12:00:00Z");
        assertThat(said.nextUpdate()).isEqualTo("2026-11-25T12:00:00Z");
        assertThat(answer.nonce()).isNull();
    }

    @Test
    void aNonceIsRepeatedUnlessSaidOtherwise() throws Exception {
        OcspRequest critical = OcspRequest.of(id(OcspHash.SHA384), NONCE);
        OcspRequest other = new OcspRequest(id(OcspHash.SHA384), NONCE, false);

        assertThat(answer(GPU.ocsp(1), critical).repeats(NONCE)).isTrue();
        assertThat(answer(GPU.ocsp(1), other).repeats(NONCE)).isTrue();
        assertThat(answer(GPU.ocsp(1).with(OcspDefect.NO_NONCE), critical).nonce())
                .isNull();
        assertThat(answer(GPU.ocsp(1).with(OcspDefect.OTHER_NONCE), critical).repeats(NONCE))
                .isFalse();
    }

    @Test
    void ofSeveralRespondersTheOneOfTheIssuerAnswers() throws Exception {
        List<SoftwareOcsp> responders =
                List.of(GPU.ocsp(3), GPU.ocsp(2).with(OcspDefect.TRY_LATER), GPU.ocsp(1), OTHER_GPU.ocsp(1));
        Bytes request = OcspRequest.of(id(OcspHash.SHA384)).encoded();

        assertThat(OcspResponse.parse(SoftwareOcsp.respond(responders, request, NOW))
                        .status())
                .isEqualTo(OcspResponseStatus.SUCCESSFUL);
        assertThat(OcspResponse.parse(SoftwareOcsp.respond(responders.subList(0, 2), request, NOW))
                        .status())
                .isEqualTo(OcspResponseStatus.UNAUTHORIZED);
    }

    @Test
    void answersHoldAsLongAsTheyAreTold() throws Exception {
        OcspSingleResponse said = answer(
                        GPU.ocsp(1).validFor(Duration.ofMinutes(5)), OcspRequest.of(id(OcspHash.SHA384)))
                .responses()
                .get(0);

        assertThat(said.nextUpdate()).isEqualTo("2026-11-24T12:05:00Z");
    }

    @Test
    void whatIsNoQuestionIsTheCallersMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GPU.ocsp(1).respond(Bytes.utf8("no"), NOW))
                .withMessage("request must be an OCSPRequest, found 6e6f");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GPU.ocsp(1).answer(Bytes.utf8("no"), NOW))
                .withMessage("certificate must be DER, found 6e6f");
    }

    private static OcspCertId id(OcspHash hash) throws MalformedEvidenceException {
        return OcspCertId.of(
                hash,
                X509Cert.parse(GPU.certificates().get(1)),
                X509Cert.parse(GPU.certificates().get(2)));
    }

    private static OcspBasicResponse answer(SoftwareOcsp responder, OcspRequest request)
            throws MalformedEvidenceException {
        return Objects.requireNonNull(
                OcspResponse.parse(responder.respond(request.encoded(), NOW)).basic());
    }
}
