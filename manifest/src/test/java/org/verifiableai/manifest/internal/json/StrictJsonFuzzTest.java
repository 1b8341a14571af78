package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class StrictJsonFuzzTest {

    private static final int LIMIT = 1 << 16;

    @MethodSource("seeds")
    @FuzzTest
    void whatIsReadHasOneCanonicalFormAndTheNarrowProfileIsPartOfTheWide(byte[] input)
            throws MalformedEvidenceException {
        Bytes document = Bytes.of(input);
        JsonNode wide;
        try {
            wide = StrictJson.parseIJson("document", document, LIMIT);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            assertThat(isSigned(document)).isFalse();
            return;
        }
        Bytes canonical = Jcs.write(wide);
        assertThat(Jcs.write(StrictJson.parseIJson("canonical", canonical, 8 * LIMIT)))
                .isEqualTo(canonical);
        if (isSigned(document)) {
            JsonNode narrow = StrictJson.parse("document", document, LIMIT);
            assertThat(narrow).isEqualTo(wide);
            assertThat(StrictJson.parse("canonical", canonical, 8 * LIMIT)).isEqualTo(narrow);
        }
    }

    private static boolean isSigned(Bytes document) {
        try {
            StrictJson.parse("document", document, LIMIT);
            return true;
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        "{\"b\":[1,-2,0],\"a\":{\"\":null,\"t\":true,\"f\":false}}",
                        "[0.1,-0.0,1e21,1e-7,5e-324,1.7976931348623157e308,9007199254740993,1E+2]",
                        "\"\\u20ac\\ud83d\\ude00\\b\\f\\n\\r\\t\\\"\\\\\\/\u00e9\uFB33\u007f\uFFFD\"",
                        " [ [ [ ] ] , { } ] ",
                        "-9007199254740991",
                        "{\"a\":1,\"\\u0061\":2}")
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }
}
