package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.oms.OmsSigner;
import org.verifiableai.manifest.signing.SigningKey;

/** For each check a folder that passes it, and one in which it alone fails. */
class EachManifestCheckTest {

    private static final Bytes ARCHIVE = Bytes.utf8("code").sha256();
    private static final Bytes TOKENIZER = Bytes.utf8("tokenizer").sha256();
    private static final Bytes TEMPLATE = Bytes.utf8("template").sha256();
    private static final Bytes OTHER = Bytes.utf8("other").sha256();
    private static final SoftwareSnpPlatform MACHINE =
            Lab.MACHINE.withMeasurement(Launches.sample().measurement());

    private final SigningKey key = SigningKey.generate();

    @TempDir
    Path temporary;

    /** Spoils a folder that passes. */
    @FunctionalInterface
    private interface Defect {
        void in(Path folder) throws Exception;
    }

    private static Job job() {
        return Samples.job()
                .archive("train.tar.gz", ARCHIVE)
                .tokenizer("own-tokenizer.json", TOKENIZER)
                .chatTemplate("template.jinja", TEMPLATE)
                .build();
    }

    private static ProvenancePolicy.Builder policy() {
        return Lab.policy()
                .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                .jobArchive(ARCHIVE)
                .tokenizer(TOKENIZER)
                .chatTemplate(TEMPLATE)
                .hyperParameter("r", HyperParameterDemand.oneOf("8"))
                .requireLaunch();
    }

    private Path model(String name) throws Exception {
        Path folder = Files.createDirectory(temporary.resolve(name));
        Lab.train(folder);
        ManifestSigner.builder(job(), MACHINE)
                .gpu(Lab.GPU)
                .launch(Launches.sample())
                .key(key)
                .attest()
                .sign(folder, RunRecord.builder().seed(1).build());
        return folder;
    }

    private static Verdict<Provenance> verify(Path folder, ProvenancePolicy.Builder policy) throws Exception {
        return Lab.verifier().verify(folder, policy.build());
    }

    @Test
    void everyCheckPasses() throws Exception {
        Verdict<Provenance> verdict = verify(model("sound"), policy());

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.checks().stream()
                        .filter(check -> check.outcome() == Outcome.PASSED)
                        .map(CheckResult::id)
                        .filter(id -> id.name().startsWith("manifest.")))
                .containsExactlyInAnyOrderElementsOf(ManifestChecks.ALL);
        assertThat(verdict.checks().stream()
                        .map(CheckResult::id)
                        .filter(ManifestChecks.ALL::contains)
                        .toList())
                .as("in the order of the list")
                .containsExactlyElementsOf(ManifestChecks.ALL);
    }

    @TestFactory
    Stream<DynamicTest> eachCheckFailsAlone() {
        Map<CheckId, Defect> folders = folders();
        Map<CheckId, ProvenancePolicy.Builder> policies = policies();
        List<CheckId> covered = new ArrayList<>(folders.keySet());
        covered.addAll(policies.keySet());
        assertThat(covered).containsExactlyInAnyOrderElementsOf(ManifestChecks.ALL);
        return ManifestChecks.ALL.stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), () -> {
                    Path folder = model(check.name());
                    Defect defect = folders.get(check);
                    if (defect != null) {
                        defect.in(folder);
                    }
                    Verdict<Provenance> verdict = verify(folder, policies.getOrDefault(check, policy()));
                    assertThat(verdict.accepted()).isFalse();
                    assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(check);
                }));
    }

    private Map<CheckId, Defect> folders() {
        Map<CheckId, Defect> defects = new LinkedHashMap<>();
        defects.put(ManifestChecks.FORMAT, folder -> Lab.rewrap(folder, b -> b.put("mediaType", "other")));
        defects.put(ManifestChecks.STATEMENT, folder -> rewrite(folder, s -> s.put("predicateType", "other")));
        defects.put(
                ManifestChecks.EVIDENCE,
                folder -> Files.delete(
                        folder.resolve("evidence").resolve(key.spki().sha256().hex())));
        defects.put(
                ManifestChecks.KEY_BINDING,
                folder -> rewrite(
                        folder,
                        s -> Lab.byproduct(s, "key-binding")
                                .withObjectProperty("annotations")
                                .put("profile", KeyBinding.LEGACY_PROFILE)));
        defects.put(ManifestChecks.SIGNATURE, folder -> {
            SignedManifest forged =
                    SignedManifest.sign(new ManifestFolder(folder).manifest().payload(), SigningKey.generate());
            Lab.rewrap(
                    folder, b -> ((ObjectNode) b.at("/dsseEnvelope/signatures/0")).put("sig", Lab.signature(forged)));
        });
        defects.put(
                ManifestChecks.LAUNCH,
                folder -> ManifestSigner.builder(job(), MACHINE)
                        .gpu(Lab.GPU)
                        .launch(Launches.other())
                        .attest()
                        .sign(folder));
        defects.put(
                ManifestChecks.CLOSING,
                folder -> ManifestSigner.builder(job(), MACHINE)
                        .gpu(Lab.GPU)
                        .launch(Launches.sample())
                        .withoutClosing()
                        .attest()
                        .sign(folder));
        defects.put(
                ManifestChecks.CLOSING_SIGNATURE,
                folder -> close(folder, SigningKey.generate(), MACHINE.report(closingData(folder))));
        defects.put(
                ManifestChecks.CLOSING_REPORT,
                folder -> close(folder, key, MACHINE.withVmpl(3).report(closingData(folder))));
        defects.put(
                ManifestChecks.CLOSING_REPORT_DATA,
                folder -> close(folder, key, MACHINE.report(KeyBinding.closingData(key.spki(), OTHER))));
        defects.put(
                ManifestChecks.CLOSING_GUEST,
                folder -> close(folder, key, MACHINE.reboot().report(closingData(folder))));
        defects.put(ManifestChecks.REVOCATION, folder -> {
            ManifestFolder revoked = new ManifestFolder(folder);
            revoked.append(ClaimSigner.with(key)
                    .sign(new ManifestRevocation(revoked.manifest().digest(), "poisoned", Samples.FINISHED)));
        });
        defects.put(ManifestChecks.FILES, folder -> Files.writeString(folder.resolve("README.md"), "another card"));
        defects.put(ManifestChecks.WEIGHTS, folder -> {
            Files.writeString(folder.resolve("training_args.bin"), "a pickle");
            ManifestSigner.builder(job(), MACHINE)
                    .gpu(Lab.GPU)
                    .launch(Launches.sample())
                    .attest()
                    .sign(folder);
        });
        defects.put(
                ManifestChecks.OMS,
                folder -> Files.write(
                        folder.resolve("model.sig"),
                        OmsSigner.sign(
                                        "adapter",
                                        new ManifestFolder(folder).adapter(),
                                        SigningKey.generate(),
                                        ModelFiles.EXCLUDED)
                                .toByteArray()));
        defects.put(
                ManifestChecks.GPU,
                folder -> ManifestSigner.builder(job(), MACHINE)
                        .launch(Launches.sample())
                        .attest()
                        .sign(folder));
        defects.put(
                ManifestChecks.BUILDER,
                folder -> ManifestSigner.builder(job(), MACHINE)
                        .gpu(Lab.GPU)
                        .launch(Launches.sample())
                        .builderId("https://example.org/builder/1")
                        .attest()
                        .sign(folder));
        return defects;
    }

    private static Map<CheckId, ProvenancePolicy.Builder> policies() {
        Map<CheckId, ProvenancePolicy.Builder> policies = new LinkedHashMap<>();
        policies.put(ManifestChecks.NONCE, policy().nonce(Bytes.utf8("another challenge of 32 bytes !!")));
        policies.put(
                ManifestChecks.BASE_MODEL,
                Lab.policyOn(OTHER)
                        .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                        .jobArchive(ARCHIVE));
        policies.put(
                ManifestChecks.DATA,
                Lab.policy(Samples.baseModel().digest(), OTHER)
                        .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                        .jobArchive(ARCHIVE));
        policies.put(
                ManifestChecks.JOB_ARCHIVE, Lab.policy().snp(SnpPolicy.builder().measurement(MACHINE.measurement())));
        policies.put(ManifestChecks.TOKENIZER, open().tokenizer(OTHER));
        policies.put(ManifestChecks.CHAT_TEMPLATE, open().chatTemplate(OTHER));
        policies.put(ManifestChecks.HYPER_PARAMETERS, open().hyperParameter("r", HyperParameterDemand.oneOf("16")));
        return policies;
    }

    private static ProvenancePolicy.Builder open() {
        return Lab.policy()
                .snp(SnpPolicy.builder().measurement(MACHINE.measurement()))
                .jobArchive(ARCHIVE);
    }

    private void rewrite(Path folder, Consumer<ObjectNode> change) throws Exception {
        Lab.rewrite(folder, key, MACHINE, change);
    }

    private Bytes closingData(Path folder) throws Exception {
        return KeyBinding.closingData(
                key.spki(), new ManifestFolder(folder).manifest().digest());
    }

    private void close(Path folder, SigningKey closer, SnpEvidence report) throws Exception {
        Lab.close(folder, new ManifestFolder(folder).manifest(), key, closer, report);
    }
}
