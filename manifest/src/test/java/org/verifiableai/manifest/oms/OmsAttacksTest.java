package org.verifiableai.manifest.oms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;

/** What somebody could try with a signed model, each with the one check that it fails. */
class OmsAttacksTest {

    @TempDir
    Path temporary;

    private Path model;
    private Bytes bundle;

    @BeforeEach
    void signAModel() throws Exception {
        model = OmsLab.model(temporary.resolve("model"));
        bundle = OmsLab.signed(model);
    }

    private List<String> failed(Bytes changed) throws Exception {
        return OmsLab.failed(OmsLab.verify(model, changed));
    }

    @Test
    void aKeyIdThatNamesTheKeyDoesNotMakeTheSignatureItsOwn() throws Exception {
        Bytes payload = SigstoreBundle.parse(bundle, SigstoreBundle.Limits.MODEL)
                .envelope()
                .orElseThrow()
                .payload();
        String hint = PublicKeys.hint(OmsLab.KEY.spki());
        Bytes forged = OmsLab.rewrapped(OmsLab.enveloped(payload, OmsLab.OTHER), j -> {
            j.withObjectProperty("verificationMaterial")
                    .withObjectProperty("publicKey")
                    .put("hint", hint);
            ((ObjectNode) j.at("/dsseEnvelope/signatures/0")).put("keyid", hint);
        });
        assertThat(failed(forged)).containsExactly("oms.signature");
    }

    @Test
    void aSecondSignatureIsRefused() throws Exception {
        assertThat(failed(OmsLab.rewrapped(bundle, j -> {
                    ArrayNode signatures = (ArrayNode) j.at("/dsseEnvelope/signatures");
                    signatures.add(signatures.get(0).deepCopy());
                })))
                .containsExactly("oms.format");
    }

    @Test
    void aSignatureOverAnotherModelIsRefused() throws Exception {
        Path other = OmsLab.model(temporary.resolve("other"));
        Files.writeString(other.resolve("model.safetensors"), "other weights");
        assertThat(OmsLab.failed(OmsLab.verify(other, bundle))).containsExactly("oms.files");
    }

    @Test
    void namesSwappedUnderTheSameRootAreRefused() throws Exception {
        Bytes swapped = OmsLab.restated(bundle, s -> {
            OmsLab.resource(s, 0).put("name", "model.safetensors");
            OmsLab.resource(s, 1).put("name", "config.json");
        });
        assertThat(failed(swapped)).containsExactly("oms.files");
    }

    @Test
    void aFileThatHoldsTwoDigestsIsNotTheTwoFiles() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("two"));
        Files.writeString(folder.resolve("a"), "1");
        Files.writeString(folder.resolve("b"), "2");
        Bytes two = OmsLab.signed(folder);
        Files.write(
                folder.resolve("a"),
                Bytes.utf8("1").sha256().concat(Bytes.utf8("2").sha256()).toByteArray());
        Files.delete(folder.resolve("b"));
        assertThat(OmsLab.failed(OmsLab.verify(folder, two))).containsExactly("oms.files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sub/../../config.json",
                "/etc/passwd",
                "sub\\part",
                "a\u0000b",
                "a\nb",
                "c:evil",
                "dot.",
                "sub//part",
                "sub/",
                "./part"
            })
    void aNameThatLeavesTheModelIsRefused(String name) throws Exception {
        assertThat(failed(OmsLab.restated(bundle, s -> OmsLab.resource(s, 2).put("name", name))))
                .containsExactly("oms.names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONFIG.json", "Sub/other"})
    void aTwinThatSomeFileSystemTakesForTheSameIsRefused(String twin) throws Exception {
        Bytes twins = OmsLab.restated(bundle, s -> {
            ArrayNode resources = (ArrayNode) s.at("/predicate/resources");
            resources.add(((ObjectNode) resources.get(0).deepCopy()).put("name", twin));
            ((ObjectNode) s.at("/subject/0/digest"))
                    .put("sha256", OmsStatement.rootOf(resourcesOf(resources)).hex());
        });
        assertThat(failed(twins)).containsExactly("oms.names");
    }

    private static List<Resource> resourcesOf(ArrayNode resources) {
        return Stream.iterate(0, i -> i < resources.size(), i -> i + 1)
                .map(i -> Resource.ofFile(
                        resources.get(i).get("name").asText(),
                        Bytes.fromHex(resources.get(i).get("digest").asText())))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adapter_model.bin",
                "w.PT",
                "x/model.gguf",
                "x/y/z/train.py",
                "chat_template.jinja",
                "vocab.txt",
                "model.ckpt.data-00000-of-00002",
                "generation_config.json",
                "tokenizer.model",
                "x/lib.so",
                "checkpoint",
                "x/Modelfile",
                "model.bin-00001",
                "model.safetensors_part2"
            })
    void ignoredPathsThatHideWhatALoaderReadsAreRefused(String name) throws Exception {
        Path file = model.resolve("hidden").resolve(name);
        Files.createDirectories(file.getParent());
        Bytes hiding = OmsLab.restated(
                bundle, s -> ((ArrayNode) OmsLab.serialization(s).get("ignore_paths")).add("hidden"));
        Files.writeString(file, "hidden");
        assertThat(failed(hiding)).containsExactly("oms.ignore-paths");
        // What the caller leaves out is the caller's word.
        OmsPolicy own = OmsPolicy.builder().ignore("hidden").build();
        assertThat(OmsLab.byKey(OmsLab.KEY).build().verify(model, hiding, own).accepted())
                .isTrue();
    }

    @Test
    void otherHiddenFilesAreNamedAndRefusedWhereEachHasToBe() throws Exception {
        Bytes hiding = OmsLab.restated(
                bundle, s -> ((ArrayNode) OmsLab.serialization(s).get("ignore_paths")).add("note"));
        Files.writeString(model.resolve("note"), "hidden");
        Verdict<OmsModel> verdict = OmsLab.verify(model, hiding);
        assertThat(verdict.orElseThrow().value().unsigned()).containsExactly("note");
        assertThat(OmsLab.result(verdict, OmsChecks.IGNORE_PATHS).reason()).isEqualTo("files-unsigned");
        OmsVerifier verifier = OmsLab.byKey(OmsLab.KEY).build();
        OmsPolicy.Builder strict = OmsPolicy.builder().everyHiddenFileNamed();
        assertThat(OmsLab.failed(verifier.verify(model, hiding, strict.build())))
                .containsExactly("oms.ignore-paths");
        assertThat(verifier.verify(model, hiding, strict.ignore("note").build()).accepted())
                .isTrue();
    }

    @Test
    void aListedFileCannotBeLeftOut() throws Exception {
        Bytes hiding = OmsLab.restated(
                bundle, s -> ((ArrayNode) OmsLab.serialization(s).get("ignore_paths")).add("sub"));
        Files.writeString(model.resolve("sub/part"), "changed");
        OmsPolicy ignoring = OmsPolicy.builder().ignore("sub").build();
        assertThat(OmsLab.failed(OmsLab.byKey(OmsLab.KEY).build().verify(model, hiding, ignoring)))
                .containsExactly("oms.files");
    }

    @Test
    void aFileBesideTheListedOnesIsRefusedUnlessTheCallerLetsItPass() throws Exception {
        Files.writeString(model.resolve("extra"), "extra");
        assertThat(failed(bundle)).containsExactly("oms.files");
        OmsPolicy letting = OmsPolicy.builder().withExtraFiles("a cache").build();
        Verdict<OmsModel> verdict = OmsLab.byKey(OmsLab.KEY).build().verify(model, bundle, letting);
        assertThat(verdict.accepted()).isTrue();
        assertThat(OmsLab.result(verdict, OmsChecks.FILES).detail()).contains("extra", "a cache");
    }

    @Test
    void aHardLinkToTheSignatureIsAFileLikeOthers() throws Exception {
        Path signature = model.resolve("model.sig");
        OmsSigner.builder(OmsLab.KEY).build().sign(model, signature);
        Files.createLink(model.resolve("again.sig"), signature);
        assertThat(OmsLab.failed(OmsLab.byKey(OmsLab.KEY).build().verify(model, signature, OmsPolicy.standard())))
                .containsExactly("oms.files");
    }

    @Test
    void aLinkInPlaceOfAFileIsRefusedEvenWithTheSameContent() throws Exception {
        Path outside = temporary.resolve("outside");
        Files.move(model.resolve("model.safetensors"), outside, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(model.resolve("model.safetensors"), outside);
        Verdict<OmsModel> verdict = OmsLab.verify(
                model, OmsLab.restated(bundle, s -> OmsLab.serialization(s).put("allow_symlinks", true)));
        assertThat(OmsLab.failed(verdict)).containsExactly("oms.files");
        assertThat(OmsLab.result(verdict, OmsChecks.FILES).detail()).contains("a symbolic link");
    }

    @Test
    void whatIsBesidePartsIsRefusedUnlessItIsAnEmptyFile() throws Exception {
        Bytes parts = OmsSigner.builder(OmsLab.KEY).shardSize(3).build().sign(model);
        Files.createFile(model.resolve("empty"));
        assertThat(OmsLab.verify(model, parts).accepted()).isTrue();
        Files.createSymbolicLink(model.resolve("link"), model.resolve("empty"));
        assertThat(OmsLab.failed(OmsLab.verify(model, parts))).containsExactly("oms.files");
        Files.delete(model.resolve("link"));
        Files.writeString(model.resolve("extra"), "extra");
        assertThat(OmsLab.failed(OmsLab.verify(model, parts))).containsExactly("oms.files");
    }

    @Test
    void everyFileThatIsNotAsSignedIsNamed() throws Exception {
        Files.writeString(model.resolve("added"), "added");
        Files.writeString(model.resolve("config.json"), "{ }");
        Path outside = temporary.resolve("outside");
        Files.move(model.resolve("model.safetensors"), outside, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(model.resolve("model.safetensors"), outside);
        assertThat(OmsLab.result(OmsLab.verify(model, bundle), OmsChecks.FILES).detail())
                .contains("not signed added", "changed config.json", "model.safetensors: expected a regular file");
    }

    @Test
    void v020IsRefusedWithItsReason() throws Exception {
        Bytes payload = Bytes.utf8(
                "{\"predicateType\": \"" + OmsStatement.PREDICATE_TYPE_OF_0_2 + "\",\n'\\\u00e9\t\r\u0001\"\"}");
        DsseEnvelope broken = new DsseEnvelope(
                OmsStatement.PAYLOAD_TYPE,
                payload,
                PublicKeys.hint(OmsLab.KEY.spki()),
                PublicKeys.toEnvelope(
                        OmsLab.KEY.algorithm(),
                        OmsLab.KEY.sign(FirstReleases.signedText(OmsStatement.PAYLOAD_TYPE, payload))));
        Verdict<OmsModel> verdict =
                OmsLab.verify(model, Bytes.utf8(SigstoreBundle.ofKey(broken).toJson()));
        assertThat(OmsLab.failed(verdict)).containsExactly("oms.signature");
        assertThat(OmsLab.result(verdict, OmsChecks.SIGNATURE).detail()).contains("v0.2.0", "DSSEV1");
        // Python 3: repr of the same bytes.
        assertThat(FirstReleases.signedText("t", Bytes.utf8("a'\"\\\n\u00e9")))
                .isEqualTo(Bytes.utf8("DSSEV1 1 t 7 b'a\\'\"\\\\\\n\\xc3\\xa9'"));
        assertThat(FirstReleases.signedText("t", Bytes.utf8("'"))).isEqualTo(Bytes.utf8("DSSEV1 1 t 1 b\"'\""));
    }

    @Test
    void v020SignedOtherwiseIsRefusedByItsPredicate() throws Exception {
        Bytes old = OmsLab.restated(bundle, s -> s.put("predicateType", OmsStatement.PREDICATE_TYPE_OF_0_2));
        assertThat(OmsLab.result(OmsLab.verify(model, old), OmsChecks.VERSION).detail())
                .contains("v0.2.0");
    }

    static Stream<Arguments> statements() {
        return Stream.of(
                statement(s -> s.put("more", 1)),
                statement(s -> s.putArray("subject")),
                statement(s ->
                        ((ArrayNode) s.get("subject")).add(s.at("/subject/0").deepCopy())),
                statement(s -> ((ObjectNode) s.at("/subject/0")).put("name", "")),
                statement(s -> ((ObjectNode) s.at("/subject/0/digest")).remove("sha256")),
                statement(s -> s.withObjectProperty("predicate").putArray("resources")),
                statement(s -> s.withObjectProperty("predicate").remove("serialization")),
                statement(s -> OmsLab.serialization(s).put("more", 1)),
                statement(s -> OmsLab.serialization(s).put("method", "tree")),
                statement(s -> OmsLab.serialization(s).put("hash_type", "blake2b")),
                statement(s -> OmsLab.serialization(s).put("hash_type", "blake3")),
                statement(s -> OmsLab.serialization(s).put("allow_symlinks", "false")),
                statement(s -> OmsLab.serialization(s).put("shard_size", 8)),
                statement(s -> OmsLab.serialization(s).put("method", "shards")),
                statement(s -> OmsLab.serialization(s).put("method", "shards").put("shard_size", 8.5)),
                statement(s -> OmsLab.serialization(s).put("method", "shards").put("shard_size", 0)),
                statement(s -> OmsLab.serialization(s).put("method", "shards").put("shard_size", 8)),
                statement(s -> OmsLab.serialization(s).put("ignore_paths", "notes")),
                statement(s -> OmsLab.serialization(s).putArray("ignore_paths").add("*.safetensors")),
                statement(s -> OmsLab.serialization(s).putArray("ignore_paths").add("/etc")),
                statement(s -> OmsLab.serialization(s).putArray("ignore_paths").add("../up")),
                statement(s -> OmsLab.serialization(s).putArray("ignore_paths").add(1)),
                statement(s -> OmsLab.resource(s, 0).put("algorithm", "md5")),
                statement(s -> OmsLab.resource(s, 0).put("algorithm", "sha256-sharded-8")),
                statement(s -> OmsLab.resource(s, 0).put("digest", "AB".repeat(32))),
                statement(s -> OmsLab.resource(s, 0).put("digest", "ab".repeat(31))),
                statement(s -> OmsLab.resource(s, 0).put("name", "sub/part")));
    }

    private static Arguments statement(Consumer<ObjectNode> change) {
        return Arguments.of(change);
    }

    @ParameterizedTest
    @MethodSource("statements")
    void aStatementOutsideOfTheSchemaIsRefused(Consumer<ObjectNode> change) throws Exception {
        assertThat(failed(OmsLab.restated(bundle, change))).containsExactly("oms.statement");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "config.json:0",
                "config.json:00:2",
                "config.json:1:2",
                "config.json:0:9",
                "config.json:0:0",
                ":0:2",
                "config.json:0:99999999999999999"
            })
    void aPartThatIsNoneIsRefused(String name) throws Exception {
        Bytes parts = OmsSigner.builder(OmsLab.KEY).shardSize(8).build().sign(model);
        assertThat(failed(OmsLab.restated(parts, s -> OmsLab.resource(s, 0).put("name", name))))
                .containsExactly("oms.statement");
    }

    @Test
    void aPartThatIsMissingIsAChangedFile() throws Exception {
        Bytes parts = OmsSigner.builder(OmsLab.KEY).shardSize(2).build().sign(model);
        Bytes fewer = OmsLab.restated(parts, s -> {
            ArrayNode resources = (ArrayNode) s.at("/predicate/resources");
            resources.remove(2);
            ((ObjectNode) s.at("/subject/0/digest"))
                    .put("sha256", OmsStatement.rootOf(resourcesOf(resources)).hex());
        });
        assertThat(failed(fewer)).containsExactly("oms.files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":1,\"a\":1}", "{\"predicateType\":\"\\ud800\"}", "[]", "", "{\"_type\":1e999}", "{}"})
    void aPayloadThatTwoReadersCouldTakeForDifferentThingsIsRefused(String payload) throws Exception {
        assertThat(failed(OmsLab.enveloped(Bytes.utf8(payload), OmsLab.KEY))).containsExactly("oms.version");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFileOfMorePartsThanAreListedIsNotTakenApart() throws Exception {
        Bytes shards = OmsSigner.builder(OmsLab.KEY).shardSize(1).build().sign(model);
        for (String name : List.of("extra.bin", "config.json")) {
            try (FileChannel out =
                    FileChannel.open(model.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.allocate(1), 1L << 36);
            }
            assertThat(failed(shards)).containsExactly("oms.files");
        }
    }
}
