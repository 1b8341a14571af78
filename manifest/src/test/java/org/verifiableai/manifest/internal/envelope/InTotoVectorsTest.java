package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Walks the JSON that in-toto's own library is tested with. */
class InTotoVectorsTest {

    @Test
    void everyDocumentHasItsVerdict() throws Exception {
        List<Path> files = VectorFiles.list("in-toto");
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            for (JsonNode vector : VectorFiles.json("in-toto/" + file.getFileName())) {
                String name =
                        vector.get("file").asText() + " " + vector.get("name").asText();
                boolean valid = isValid(Bytes.utf8(vector.get("json").asText()));
                assertThat(valid)
                        .as(name)
                        .isEqualTo(vector.get("expect").asText().equals("valid"));
            }
        }
    }

    private static boolean isValid(Bytes json) {
        try {
            JsonObject root = JsonObject.of("document", StrictJson.parseIJson("document", json, 1 << 20));
            if (root.has("_type") || root.has("predicateType")) {
                Statement statement = Statement.of(root);
                if (statement.predicateType().equals(SlsaProvenance.TYPE)) {
                    SlsaProvenance.parse(statement.predicate());
                }
            } else if (root.has("buildDefinition") || root.has("runDetails")) {
                SlsaProvenance.parse(root);
            } else {
                ResourceDescriptor.parse(root);
            }
            return true;
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }
}
