package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;

class NvidiaTrustAnchorsTest {

    @Test
    void bothDeviceIdentityRootsArePinnedByDigestAndKey() throws Exception {
        NvidiaTrustAnchors anchors = NvidiaTrustAnchors.nvidia();

        assertThat(anchors.anchors())
                .extracting(anchor -> anchor.certificateSha256().hex())
                .containsExactly(
                        "102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48",
                        "8805700fd307db6801f9a8a7a91acbf72e513cdf8ed16e0bfeaf62318037ad96");
        for (NvidiaTrustAnchor anchor : anchors.anchors()) {
            assertThat(SignatureEngine.standard().key(anchor.spki()).algorithm())
                    .isEqualTo(SignatureAlgorithm.ECDSA_P384_SHA384);
        }
    }

    @Test
    void theRootOfReferenceValuesIsPinnedApart() throws Exception {
        NvidiaTrustAnchors anchors = NvidiaTrustAnchors.rim();

        assertThat(anchors.anchors())
                .extracting(anchor -> anchor.certificateSha256().hex())
                .containsExactly("12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1");
        assertThat(SignatureEngine.standard()
                        .key(anchors.anchors().get(0).spki())
                        .algorithm())
                .isEqualTo(SignatureAlgorithm.ECDSA_P384_SHA384);
        assertThat(NvidiaTrustAnchors.nvidia().anchors()).doesNotContainAnyElementsOf(anchors.anchors());
    }

    @Test
    void aTableWhoseKeyIsNotTheOneItStatesIsRefused() {
        String table = "subject: x\nserial: 1\ncertificate-sha256: " + "00".repeat(32) + "\nspki: AAAA\nspki-sha256: "
                + "00".repeat(32) + "\n";

        assertThatIllegalStateException()
                .isThrownBy(() -> TrustAnchorTable.parse(table))
                .withMessageContaining("expected the key with digest");
    }
}
