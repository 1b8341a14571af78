package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.files.SafetensorsBytes;

class AdapterFilesTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String BASE = "pkg:huggingface/org/tiny@" + COMMIT;

    @TempDir
    Path folder;

    @BeforeEach
    void anAdapter() throws IOException {
        write("adapter_model.safetensors", SafetensorsBytes.sound());
        config("\"r\":8,\"lora_dropout\":0.05,\"auto_mapping\":null,\"base_model_name_or_path\":\"org/tiny\"");
        write("README.md", "# A card\n");
        write("tokenizer.json", "{\"version\":\"1.0\"}");
        write("tokenizer_config.json", "{\"model_max_length\":1000000000000000019884624838656,\"auto_map\":{}}");
        write("checkpoint/tokenizer.model", Bytes.fromHex("0a0e0a053c756e6b3e"));
        write("empty.txt", "");
    }

    @Test
    void anAdapterHasNoDefect() throws Exception {
        AdapterFiles files = inspect();

        assertThat(files.defects()).isEmpty();
        assertThat(files.notes()).isEmpty();
        assertThat(files.summary()).isEmpty();
    }

    @Test
    void weightsThatAreNotSafetensorsAreADefect() throws Exception {
        write("adapter_model.safetensors", "delta");

        assertDefect("adapter_model.safetensors: safetensors length at offset 0x0: expected 8 bytes, found 5 bytes");
    }

    @Test
    void everyFileOfWeightsIsRead() throws Exception {
        write("checkpoint/model.SAFETENSORS", SafetensorsBytes.of("{}", 1));

        assertDefect("checkpoint/model.SAFETENSORS: safetensors data: expected 0 bytes, where the last tensor ends");
    }

    @ParameterizedTest
    @CsvSource({
        "adapter_model.bin, pickle", "checkpoint/Optimizer.PT, pickle", "scaler.joblib, pickle", "array.npy, pickle",
        "weights.ckpt, pickle", "a.tar.gz, archive", "model.zip, archive", "model.h5, model format that carries code",
        "model.keras, model format", "modeling_tiny.py, program", "__pycache__/x.pyc, program", "kernel.so, program",
        "train.ipynb, program", ".py, program"
    })
    void namesOfCodeAreRefused(String name, String kind) throws Exception {
        write(name, "harmless");

        assertDefect(name + ": expected no " + kind, "found the name of one");
    }

    @ParameterizedTest
    @CsvSource({
        "80025d2e, pickle", "80049528, pickle", "934e554d50590100, pickle", "894844460d0a1a0a00, model format",
        "7f454c460201, program", "4d5a90000300, program", "cafebabe00000037, program", "cffaedfe07, program",
        "23212f62696e2f7368, program", "504b03041400, archive", "1f8b0800, archive", "28b52ffd00, archive"
    })
    void codeUnderAnotherNameIsRefused(String hex, String kind) throws Exception {
        write("vocab.txt", Bytes.fromHex(hex));

        assertDefect("vocab.txt: expected no " + kind, "found the first bytes of one");
    }

    @Test
    void aTarUnderAnotherNameIsRefused() throws Exception {
        write("vocab.txt", Bytes.zeros(257).concat(Bytes.utf8("ustar"), Bytes.zeros(250)));

        assertDefect("vocab.txt: expected no archive");
    }

    @Test
    void weightsThatNobodyChecksAreNoted() throws Exception {
        write("adapter.gguf", "GGUF");

        assertThat(inspect().defects()).isEmpty();
        assertThat(inspect().notes()).containsExactly("adapter.gguf is of a format that is not checked");
    }

    @Test
    void aConfigurationWithoutWeightsIsADefect() throws Exception {
        write("second/adapter_config.json", "{\"base_model_name_or_path\":\"tiny\"}");

        assertDefect("second/adapter_model.safetensors: expected the weights beside adapter_config.json, found none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/tiny",
                "tiny",
                COMMIT,
                "/root/.cache/huggingface/hub/models--org--tiny/snapshots/" + COMMIT,
                "models--org--tiny/snapshots/" + COMMIT + "/",
                "C:\\hub\\models--org--tiny\\snapshots\\" + COMMIT
            })
    void theBaseModelMayBeNamedAsTheManifestNamesIt(String name) throws Exception {
        config("\"base_model_name_or_path\":\"" + name.replace("\\", "\\\\") + "\"");

        assertThat(inspect().defects()).isEmpty();
        assertThat(inspect().notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/other",
                "other/tiny",
                "Org/tiny",
                "org/Tiny",
                "other",
                "org/tiny ",
                "org/tiny@main",
                "/hub/models--org--other/snapshots/" + COMMIT,
                "/hub/models--other--tiny/snapshots/" + COMMIT,
                "/hub/models--org--tiny/snapshots/1123456789abcdef0123456789abcdef01234567"
            })
    void anotherBaseModelIsADefect(String name) throws Exception {
        config("\"base_model_name_or_path\":\"" + name + "\"");

        assertDefect(
                "adapter_config.json.base_model_name_or_path: expected org/tiny as in " + BASE + ", found " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/work/base", "./base", "../base", "~/base", "C:/base", "base\\\\model", "a/b/c", "base/"})
    void aFolderOnSomeDiskIsNotedAndNotCompared(String path) throws Exception {
        config("\"base_model_name_or_path\":\"" + path + "\"");

        assertThat(inspect().defects()).isEmpty();
        assertThat(inspect().notes())
                .singleElement()
                .asString()
                .startsWith("adapter_config.json.base_model_name_or_path is not compared: ");
    }

    @Test
    void aBaseModelThatIsNotOfTheHubIsNotCompared() throws Exception {
        AdapterFiles files = AdapterFiles.inspect(folder, FolderDigest.of(folder), "urn:example:model");

        assertThat(files.defects()).isEmpty();
        assertThat(files.notes())
                .containsExactly("adapter_config.json.base_model_name_or_path is not compared: org/tiny");
    }

    @Test
    void aConfigurationNeedNotNameItsBase() throws Exception {
        config("\"base_model_name_or_path\":null");

        assertThat(inspect().defects()).isEmpty();
        assertThat(inspect().notes()).containsExactly("adapter_config.json.base_model_name_or_path names none");
    }

    @Test
    void aRevisionIsTheCommitOrNone() throws Exception {
        for (String revision : List.of("null", "\"\"", "\"main\"", "\"" + COMMIT + "\"")) {
            config("\"base_model_name_or_path\":\"org/tiny\",\"revision\":" + revision);
            assertThat(inspect().defects()).isEmpty();
        }
        config("\"base_model_name_or_path\":\"org/tiny\",\"revision\":\"v2\"");

        assertDefect("adapter_config.json.revision: expected none or the commit of " + BASE + ", found v2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "adapter_config.json   | \"auto_mapping\":{\"parent_library\":\"evil\"}         | .auto_mapping: expected none",
                "adapter_config.json   | \"megatron_core\":\"evil\"                            | .megatron_core: expected megatron.core",
                "adapter_config.json   | \"tokenizer_kwargs\":{\"trust_remote_code\":true}     | .tokenizer_kwargs.trust_remote_code: expected none",
                "config.json           | \"auto_map\":{\"AutoModel\":\"org/repo--m.Model\"}    | .auto_map: expected none",
                "tokenizer_config.json | \"a\":[{\"auto_map\":[\"m.Tokenizer\",null]}]         | .a[0].auto_map: expected none",
                "config.json           | \"custom_pipelines\":{\"x\":{\"impl\":\"m.Pipe\"}}    | .custom_pipelines: expected none",
                "config.json           | \"_attn_implementation\":\"org/kernel\"               | ._attn_implementation: expected no repository",
                "sub/Xconfig.json      | \"trust_remote_code\":1                               | .trust_remote_code: expected none",
            })
    void configurationsThatHaveALoaderRunCodeAreRefused(String name, String member, String message) throws Exception {
        write(name, "{" + member + "}");

        assertDefect(name + message);
    }

    @Test
    void membersThatSwitchNothingOnAreTaken() throws Exception {
        config("\"base_model_name_or_path\":\"org/tiny\",\"megatron_core\":\"megatron.core\",\"megatron_config\":null");
        write(
                "config.json",
                "{\"auto_map\":null,\"trust_remote_code\":false,\"custom_pipelines\":{},\"attn_implementation\":\"eager\"}");

        assertThat(inspect().defects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[]                             | expected an object",
                "{\"r\":8,\"r\":16}             | expected each name once",
                "{\"r\":8} x                    | strict JSON",
                "{\"r\":NaN}                    | strict JSON",
                "{\"base_model_name_or_path\":1}| expected a string",
            })
    void configurationsAreStrictJson(String json, String message) throws Exception {
        write("adapter_config.json", json);

        assertDefect("adapter_config.json", message);
    }

    @Test
    void configurationsHaveABound() throws Exception {
        write("config.json", "{\"a\":\"" + "x".repeat(4 << 20) + "\"}");

        assertDefect("config.json: expected at most 4194304 bytes");
    }

    @Test
    void anIndexNamesShardsThatHoldItsTensors() throws Exception {
        write("full/model-1.safetensors", SafetensorsBytes.sound());
        write("full/model.safetensors.index.json", index("a.weight", "model-1.safetensors"));
        assertThat(inspect().defects()).isEmpty();

        write("full/model.safetensors.index.json", index("b.weight", "model-1.safetensors"));
        assertDefect("full/model.safetensors.index.json.weight_map.b.weight: expected a tensor in model-1.safetensors");

        write("full/model.safetensors.index.json", index("a.weight", "../adapter_model.safetensors"));
        assertDefect("weight_map: expected safetensors files of the model, found ../adapter_model.safetensors");

        write("full/model.safetensors.index.json", index("a.weight", "/etc/passwd"));
        assertDefect("weight_map: expected safetensors files of the model, found /etc/passwd");

        write("full/model.safetensors.index.json", index("a.weight", "model.safetensors.index.json"));
        assertDefect("weight_map: expected safetensors files of the model");

        write("full/model.safetensors.index.json", "{}");
        assertDefect("full/model.safetensors.index.json.weight_map: expected a value, found none");
    }

    @Test
    void whatIsJudgedIsWhatWasHashed() throws Exception {
        FolderDigest hashed = FolderDigest.of(folder);
        config("\"r\":9,\"base_model_name_or_path\":\"org/tiny\"");
        write("adapter_model.safetensors", SafetensorsBytes.of("{}", 0));
        Files.delete(folder.resolve("README.md"));
        Files.delete(folder.resolve("empty.txt"));
        Files.createSymbolicLink(folder.resolve("empty.txt"), folder.resolve("tokenizer.json"));

        assertThat(AdapterFiles.inspect(folder, hashed, BASE).defects())
                .containsExactly(
                        "README.md: expected the file that was hashed, found another",
                        "adapter_config.json: expected the file that was hashed, found another",
                        "adapter_model.safetensors: expected the file that was hashed, found another",
                        "empty.txt: expected the file that was hashed, found another");
    }

    @Test
    void aSummaryNamesTheFirstDefects() {
        List<String> defects = IntStream.range(0, 7).mapToObj(i -> "d" + i).collect(Collectors.toList());

        assertThat(new AdapterFiles(defects, List.of()).summary()).contains("d0; d1; d2; d3; d4; and 2 more");
        assertThat(new AdapterFiles(defects.subList(0, 5), List.of()).summary()).contains("d0; d1; d2; d3; d4");
    }

    private AdapterFiles inspect() throws Exception {
        return AdapterFiles.inspect(folder, FolderDigest.of(folder), BASE);
    }

    private void assertDefect(String... parts) throws Exception {
        assertThat(inspect().defects()).singleElement().asString().contains(parts);
    }

    private void config(String members) throws IOException {
        write("adapter_config.json", "{" + members + "}");
    }

    private static String index(String tensor, String file) {
        return "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"" + tensor + "\":\"" + file + "\"}}";
    }

    private void write(String name, String content) throws IOException {
        write(name, Bytes.utf8(content));
    }

    private void write(String name, Bytes content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }

    @Test
    void whatAFileSystemWithoutCaseOpensIsJudgedToo() throws Exception {
        write("full/Config.JSON", "{\"auto_map\":{\"AutoModel\":\"evil--Evil\"}}");
        assertDefect("full/Config.JSON.auto_map: expected none");
        Files.delete(folder.resolve("full/Config.JSON"));

        write("full/Adapter_Config.json", "{\"base_model_name_or_path\":\"evil/tiny\"}");
        assertThat(inspect().defects()).anySatisfy(d -> assertThat(d).contains("found evil/tiny"));
        assertThat(inspect().defects()).anySatisfy(d -> assertThat(d).contains("expected the weights beside"));
        Files.delete(folder.resolve("full/Adapter_Config.json"));

        write("full/Model.Safetensors.Index.JSON", index("a.weight", "../adapter_model.safetensors"));
        assertDefect("weight_map: expected safetensors files of the model");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aNameThatIsNoneOfAModelTakesNoTimeWithoutBound() throws Exception {
        for (String name : List.of("/".repeat(100_000) + "\\n", "models--" + "-".repeat(1_000_000) + "/")) {
            config("\"base_model_name_or_path\":\"" + name + "\"");
            assertDefect("adapter_config.json.base_model_name_or_path: expected at most 1024 characters");
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longNamesOfMembersAreNotCopiedForEachElement() throws Exception {
        write("config.json", "{\"" + "a".repeat(2_000_000) + "\":[" + "0,".repeat(1_000_000) + "{\"auto_map\":1}]}");
        assertDefect("expected none, since it has a loader run code, found 1");
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyIndexesOfOneShardReadItOnce() throws Exception {
        write("full/model-1.safetensors", SafetensorsBytes.of("{" + " ".repeat(15 << 20) + "}", 0));
        for (int i = 0; i < 4000; i++) {
            write("full/" + i + ".index.json", "{\"weight_map\":{\"a\":\"model-1.safetensors\"}}");
        }
        assertThat(inspect().defects()).isNotEmpty();
    }
}
