package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

class RimFuzzTest {

    private static final RimChecker CHECKER = new RimChecker(NvidiaTrustAnchors.rim(), SignatureEngine.standard(), 1);

    @MethodSource("seeds")
    @FuzzTest
    void aManifestIsRefusedOrReadWholeAndNeverSound(byte[] input) {
        try {
            CheckedRim checked = CHECKER.check(Bytes.of(input));
            Rim rim = checked.rim();
            assertThat(rim.xml()).isEqualTo(Bytes.of(input));
            assertThat(rim.version()).isNotEmpty();
            assertThat(rim.certificates()).isNotEmpty();
            assertThat(rim.names().keySet()).containsAll(rim.referenceValues().keySet());
            rim.referenceValues().forEach((index, values) -> {
                assertThat(index).isBetween(0, 63);
                assertThat(values).isNotEmpty().allMatch(value -> value.size() == 48);
            });
            assertThat(checked.sound()).isFalse();
            assertThat(checked.signatureDefects()).noneMatch(defect -> defect.contains("\n"));
            assertThat(rim.toString()).isNotEmpty();
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    /** A seed that is refused at once teaches a search nothing. */
    @Test
    void theFirstSeedIsAManifestWithOneDefectOfItsDigestAndOneOfItsSignature() throws Exception {
        assertThat(CHECKER.check(Bytes.utf8(RimText.manifest())).signatureDefects())
                .hasSize(2)
                .first()
                .isEqualTo("digest must be that of the document, found another's");
    }

    static List<byte[]> seeds() {
        String manifest = RimText.manifest();
        return Stream.of(
                        manifest,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + manifest.replace("><", ">\n<"),
                        manifest.replace("<Meta", "<!-- a --><?b c?><Link href=\"d\" rel=\"e\"/><Meta"),
                        "<!DOCTYPE a [<!ENTITY b \"c\">]>" + manifest.replace("GPU", "&b;&amp;&#65;"))
                .map(text -> Bytes.utf8(text).toByteArray())
                .toList();
    }
}
