package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SigstoreBundleFuzzTest {

    private static final DsseEnvelope ENVELOPE =
            new DsseEnvelope("text/x", Bytes.utf8("{}"), "hint", Bytes.utf8("signature"));

    @MethodSource("seeds")
    @FuzzTest
    void aBundleIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        SigstoreBundle bundle;
        try {
            bundle = SigstoreBundle.parse(Bytes.of(input), SigstoreBundle.Limits.MANIFEST);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        String written;
        try {
            written = bundle.toJson();
        } catch (IllegalStateException e) {
            return; // of a kind that is read only
        }
        SigstoreBundle again = SigstoreBundle.parse(Bytes.utf8(written), SigstoreBundle.Limits.MANIFEST);
        assertThat(again.material()).isEqualTo(bundle.material());
        assertThat(again.content()).isEqualTo(bundle.content());
    }

    static List<byte[]> seeds() {
        String key = SigstoreBundle.ofKey(ENVELOPE).toJson();
        String chain = SigstoreBundle.ofCertificates(ENVELOPE, List.of(Bytes.utf8("der")))
                .toJson();
        String legacy = key.replace("\"hint\":\"hint\"", "\"rawBytes\":\"AAAA\",\"keyDetails\":\"X\"");
        String keyless = chain.replace("x509CertificateChain", "other")
                .replace(
                        "\"verificationMaterial\":{",
                        "\"verificationMaterial\":{\"certificate\":{\"rawBytes\":\"AAAA\"},");
        String message = "{\"mediaType\":\"" + SigstoreBundle.MEDIA_TYPE
                + "\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"h\"},\"tlogEntries\":[{}],"
                + "\"timestampVerificationData\":{\"rfc3161Timestamps\":[{}]}},"
                + "\"messageSignature\":{\"messageDigest\":{\"algorithm\":\"SHA2_256\",\"digest\":\"AAAA\"},\"signature\":\"AAAA\"}}";
        return List.of(key, chain, legacy, keyless, message).stream()
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }

    /** A search that never reads anything reads half of the code. */
    @Test
    void theSeedsAreRead() throws Exception {
        for (byte[] seed : seeds()) {
            SigstoreBundle.parse(Bytes.of(seed), SigstoreBundle.Limits.MANIFEST);
        }
    }
}
