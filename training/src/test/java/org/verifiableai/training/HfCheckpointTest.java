package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HfCheckpointTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        TorchRuntime.useThreads(1);
    }

    @BeforeEach
    void makeModel() throws IOException {
        TinyModel.writeTo(folder);
    }

    @Test
    void writtenCheckpointIsReadBack() throws Exception {
        HfCheckpoint checkpoint = HfCheckpoint.open(folder);
        assertThat(checkpoint.maxPositions()).isEqualTo(32);
        assertThat(checkpoint.folder()).isEqualTo(folder);
        List<FloatTensor> weights = checkpoint.weights();
        List<FloatTensor> written = TinyModel.weights(checkpoint.config());
        assertThat(weights).hasSameSizeAs(written);
        for (int i = 0; i < weights.size(); i++) {
            assertThat(weights.get(i).shape()).isEqualTo(written.get(i).shape());
            assertThat(weights.get(i).values()).isEqualTo(written.get(i).values());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
    void missingPartIsRefusedByName(String part) throws IOException {
        Files.delete(folder.resolve(part));
        assertThatThrownBy(() -> CausalLm.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(folder + ": expected " + part + ", found none");
    }

    @Test
    void shardedCheckpointIsRefusedByName() throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
        assertThatThrownBy(() -> CausalLm.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors.index.json, which is not supported");
    }

    @Test
    void brokenTokenizerIsRefused() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> CausalLm.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("tokenizer.json");
    }

    @Test
    void configurationThatIsTooLongIsRefused() throws IOException {
        Files.write(folder.resolve("config.json"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> HfCheckpoint.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("config.json: expected at most 1048576 bytes, found 1048577 bytes");
    }

    @Test
    void tensorOfAnotherShapeIsRefusedByName() throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        String name = "model.layers.1.mlp.down_proj.weight";
        tensors.put(name, new FloatTensor(new int[] {24, 16}, values(tensors, name)));
        Safetensors.write(folder.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> CausalLm.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("model.safetensors " + name + ": expected shape [16, 24], found [24, 16]");
    }

    @Test
    void missingTensorIsRefusedByName() throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        tensors.remove("model.norm.weight");
        Safetensors.write(folder.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> CausalLm.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("model.safetensors: expected a tensor model.norm.weight, found none");
    }

    @Test
    void tensorThatFollowsFromOthersIsPassedOver() throws Exception {
        SortedMap<String, FloatTensor> tensors = tensors();
        FloatTensor some = new FloatTensor(new int[] {1}, new float[1]);
        tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", some);
        tensors.put("lm_head.weight", some);
        Safetensors.write(folder.resolve("model.safetensors"), tensors);
        assertThat(HfCheckpoint.open(folder).weights()).hasSize(20);
    }

    @Test
    void writeThatFailsLeavesNoCheckpoint() throws Exception {
        HfCheckpoint checkpoint = HfCheckpoint.open(folder);
        List<FloatTensor> weights = checkpoint.weights();
        // In the place of the weights stands what no file can be moved over.
        Files.delete(folder.resolve("model.safetensors"));
        Files.createDirectories(folder.resolve("model.safetensors/in-the-way"));
        assertThatThrownBy(() -> HfCheckpoint.write(folder, checkpoint.config(), weights))
                .isInstanceOf(IOException.class);
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("model.safetensors", "tokenizer.json", "tokenizer_config.json");
    }

    private SortedMap<String, FloatTensor> tensors() throws Exception {
        LlamaConfig config = HfCheckpoint.open(folder).config();
        List<FloatTensor> weights = TinyModel.weights(config);
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        for (String name : HfCheckpoint.layout(config).keySet()) {
            tensors.put(name, weights.get(tensors.size()));
        }
        return tensors;
    }

    private static float[] values(SortedMap<String, FloatTensor> tensors, String name) {
        float[] values = Objects.requireNonNull(tensors.get(name)).values();
        return Arrays.copyOf(values, values.length);
    }
}
