package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/** Walks keys with all that is derived from them. */
class KeyBindingVectorsTest {

    @Test
    void everyValueIsReproduced() throws Exception {
        List<Path> files = VectorFiles.list("key-binding");
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            for (JsonNode vector : VectorFiles.json("key-binding/" + file.getFileName())) {
                String key = vector.get("key").asText();
                Bytes spki = Bytes.fromHex(vector.get("spkiDerHex").asText());
                assertThat(KeyBinding.fingerprint(spki)).as(key).isEqualTo(hex(vector, "sha256SpkiDer"));
                assertThat(PublicKeys.hint(spki))
                        .as(key)
                        .isEqualTo(vector.get("sha256PemText").asText());
                assertThat(KeyBinding.legacyReportData(spki)).as(key).isEqualTo(hex(vector, "reportDataLegacy"));
                JsonNode v1 = vector.get("v1");
                Bytes nonce = hex(v1, "nonceHex");
                Bytes job = Bytes.utf8(v1.get("jobUtf8").asText());
                Bytes gpu = Bytes.utf8(v1.get("gpuEvidenceUtf8").asText());
                assertThat(KeyBinding.gpuNonce(spki, nonce)).as(key).isEqualTo(hex(v1, "gpuNonce"));
                assertThat(KeyBinding.reportData(spki, nonce, job, gpu)).as(key).isEqualTo(hex(v1, "reportData"));
            }
        }
    }

    private static Bytes hex(JsonNode parent, String name) {
        return Bytes.fromHex(parent.get(name).asText());
    }
}
