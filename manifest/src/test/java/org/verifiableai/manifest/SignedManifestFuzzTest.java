package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SignedManifestFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aBundleIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        SignedManifest manifest;
        try {
            manifest = SignedManifest.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(manifest.toJson()).doesNotContain("\n");
        assertThat(SignedManifest.parse(Bytes.utf8(manifest.toJson()))).isEqualTo(manifest);
    }

    static List<byte[]> seeds() {
        return List.of(
                Bytes.utf8(SignedManifest.sign(Samples.provenance().payload(), Samples.KEY)
                                .toJson())
                        .toByteArray(),
                Bytes.utf8(SignedManifest.sign(Bytes.utf8("{}"), Samples.KEY).toJson())
                        .toByteArray());
    }

    /** A search whose seeds are all refused reads half of the code. */
    @Test
    void theSeedsAreRead() throws Exception {
        for (byte[] seed : seeds()) {
            assertThat(SignedManifest.parse(Bytes.of(seed)).toJson()).isNotEmpty();
        }
    }
}
