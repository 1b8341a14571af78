package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpTrustAnchors;

class TrustAnchorsTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();

    @Test
    void aRootOfProcessorsIsReadFromItsCertificate() throws Exception {
        assertThat(SnpTrustAnchors.ofCertificate(AMD.ark())).isEqualTo(AMD.trustAnchors());
        assertThat(SnpTrustAnchors.ofCertificate(pem(AMD.ark()))).isEqualTo(AMD.trustAnchors());
    }

    @Test
    void aCertificateThatIsNoRootOfProcessorsIsRefused() {
        assertThatThrownBy(() -> SnpTrustAnchors.ofCertificate(AMD.ask()))
                .isInstanceOf(MalformedEvidenceException.class)
                .hasMessageStartingWith("root certificate: expected a subject of ARK-Milan, ARK-Genoa or ARK-Turin");
        assertThatThrownBy(() -> SnpTrustAnchors.ofCertificate(Bytes.EMPTY))
                .isInstanceOf(MalformedEvidenceException.class);
    }

    @Test
    void aRootOfDevicesIsReadFromItsCertificate() throws Exception {
        GpuPolicy policy = GpuPolicy.builder()
                .withoutFreshness("test")
                .withoutReferenceValues("test")
                .withoutRevocation("test")
                .build();
        NvidiaTrustAnchors anchors = NvidiaTrustAnchors.ofCertificate(pem(NVIDIA.rootCertificate()));

        assertThat(GpuVerifier.builder()
                        .trustAnchors(anchors)
                        .build()
                        .verify(
                                List.of(NVIDIA.device(GpuArchitecture.HOPPER).evidence(Bytes.zeros(32))),
                                GpuCollateral.NONE,
                                policy)
                        .verdict()
                        .failures())
                .isEmpty();
        assertThat(anchors.anchors().get(0).certificateSha256())
                .isEqualTo(NVIDIA.rootCertificate().sha256());
    }

    @Test
    void twoCertificatesAreNotOneRoot() {
        assertThatThrownBy(() -> NvidiaTrustAnchors.ofCertificate(
                        pem(NVIDIA.rootCertificate()).concat(pem(NVIDIA.rootCertificate()))))
                .isInstanceOf(MalformedEvidenceException.class)
                .hasMessage("root certificate: expected one CERTIFICATE, found 2");
    }

    private static Bytes pem(Bytes der) {
        return Bytes.utf8("-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der.toByteArray())
                + "\n-----END CERTIFICATE-----\n");
    }
}
