package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.CanonicalJson;
import org.verifiableai.manifest.VectorFiles;

/** Walks documents that lenient readers take, each with {@code reject} or its canonical form. */
class StrictJsonVectorsTest {

    private static final String REJECT = "reject";
    private static final Pattern FRACTION = Pattern.compile("[\\[:,][ -]*[0-9]+[.eE]");

    @Test
    void everyDocumentHasItsVerdictInBothProfiles() throws Exception {
        List<Path> files = VectorFiles.list("json-strict");
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            for (JsonNode vector : VectorFiles.json("json-strict/" + file.getFileName())) {
                String id = vector.get("id").asText();
                String expect = vector.get("expect").asText();
                Bytes input = vector.get("inputHex").isNull()
                        ? Bytes.utf8("[".repeat(100_000) + "]".repeat(100_000))
                        : Bytes.fromHex(vector.get("inputHex").asText());
                assertThat(signed(input)).as(id).isEqualTo(hasFraction(input) ? REJECT : forSigned(expect));
                assertThat(general(input)).as(id).isEqualTo(forGeneral(expect));
            }
        }
    }

    // Either "reject", perhaps with a reason; a canonical form; or "jcs: FORM; manifest profile: reject (reason)".
    private static String forSigned(String expect) {
        return expect.startsWith("jcs: ") || expect.startsWith(REJECT) ? REJECT : expect;
    }

    // A number with a fraction or exponent, as far as these documents go.
    private static boolean hasFraction(Bytes document) {
        return FRACTION.matcher(new String(document.toByteArray(), StandardCharsets.ISO_8859_1))
                .find();
    }

    private static String forGeneral(String expect) {
        if (expect.startsWith("jcs: ")) {
            return expect.substring(5, expect.indexOf("; manifest profile:"));
        }
        return expect.startsWith(REJECT) ? REJECT : expect;
    }

    private static String signed(Bytes document) {
        try {
            return text(Jcs.write(StrictJson.parse("document", document, 1 << 20)));
        } catch (MalformedEvidenceException e) {
            return REJECT;
        }
    }

    private static String general(Bytes document) {
        try {
            return text(CanonicalJson.of(document));
        } catch (MalformedEvidenceException e) {
            return REJECT;
        }
    }

    private static String text(Bytes utf8) {
        return new String(utf8.toByteArray(), StandardCharsets.UTF_8);
    }
}
