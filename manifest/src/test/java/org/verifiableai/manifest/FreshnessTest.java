package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.manifest.signing.SigningKey;

/** What shows when a job ran, and what a report shows that binds the key alone. */
class FreshnessTest {

    private static final BlockHash BLOCK =
            new BlockHash("eip155:23294", 7, Bytes.utf8("seven").sha256());
    private static final BlockHash LATER =
            new BlockHash("eip155:23294", 8, Bytes.utf8("eight").sha256());

    private final SigningKey key = SigningKey.generate();

    @TempDir
    Path folder;

    @BeforeEach
    void train() throws Exception {
        Lab.train(folder);
    }

    private static Job onBlock(BlockHash block) {
        return Job.on(Samples.baseModel())
                .dataSet(Samples.dataSet())
                .block(block)
                .build();
    }

    private void sign(Job job) throws Exception {
        ManifestSigner.builder(job, Lab.MACHINE).gpu(Lab.GPU).key(key).attest().sign(folder);
    }

    private static ProvenancePolicy.Builder open() {
        return ProvenancePolicy.builder()
                .snp(Lab.snpPolicy())
                .gpu(Lab.gpuPolicy())
                .withoutCcStatement("test")
                .anyBaseModel("test")
                .anyDataSet("test");
    }

    private Verdict<Provenance> verify(ProvenancePolicy.Builder policy) throws Exception {
        return Lab.verifier().verify(folder, policy.build());
    }

    private static List<String> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(check -> check.id().name()).toList();
    }

    private static String detail(Verdict<?> verdict, String check) {
        return verdict.checks().stream()
                .filter(result -> result.id().name().equals(check))
                .findFirst()
                .map(CheckResult::detail)
                .orElseThrow();
    }

    @Test
    void aJobOnABlockBeganNoEarlier() throws Exception {
        sign(onBlock(BLOCK));

        Verdict<Provenance> verdict = verify(open().notBefore(LATER).notBefore(BLOCK));

        assertThat(failed(verdict)).isEmpty();
        assertThat(detail(verdict, "manifest.nonce"))
                .isEqualTo("the guest was given the challenge " + BLOCK.hash() + ", block 7 of eip155:23294");
        assertThat(verdict.orElseThrow().facts()).containsEntry("manifest.not-before", "block 7 of eip155:23294");
    }

    @Test
    void aBlockThatThePolicyDoesNotNameIsRefused() throws Exception {
        sign(onBlock(BLOCK));

        Verdict<Provenance> verdict = verify(open().notBefore(LATER));

        assertThat(failed(verdict)).containsExactly("manifest.nonce");
        assertThat(detail(verdict, "manifest.nonce"))
                .isEqualTo("block: expected one of 1 that the policy names, found block 7 of eip155:23294 with hash "
                        + BLOCK.hash());
    }

    @Test
    void anotherNumberForTheSameHashIsRefused() throws Exception {
        sign(onBlock(new BlockHash("eip155:23294", 1_000_000, BLOCK.hash())));

        assertThat(failed(verify(open().notBefore(BLOCK)))).containsExactly("manifest.nonce");
    }

    @Test
    void aJobWithANonceIsNoJobOnABlock() throws Exception {
        sign(Samples.job().build());

        Verdict<Provenance> verdict = verify(open().notBefore(BLOCK));

        assertThat(failed(verdict)).containsExactly("manifest.nonce");
        assertThat(detail(verdict, "manifest.nonce")).endsWith("found none");
    }

    @Test
    void aBlockThatTheReportDoesNotBindIsRefused() throws Exception {
        sign(onBlock(LATER));
        Lab.rewrite(
                folder,
                key,
                s -> Lab.external(s)
                        .withObjectProperty("block")
                        .put("number", BLOCK.number())
                        .put("hash", BLOCK.hash().hex()));

        assertThat(failed(verify(open().notBefore(BLOCK)))).containsExactly("snp.report-data", "gpu.nonce");
    }

    @Test
    void theLegacyBindingIsRefusedUnlessThePolicyNamesIt() throws Exception {
        sign(Job.on(Samples.baseModel()).dataSet(Samples.dataSet()).build());
        bindKeyAlone();

        Verdict<Provenance> refused = verify(open().withoutFreshness("an old model"));
        Verdict<Provenance> accepted =
                verify(open().withoutFreshness("an old model").legacyKeyBinding("its tools know no other"));

        assertThat(failed(refused)).containsExactly(SnpChecks.REPORT_DATA.name(), "manifest.key-binding");
        assertThat(detail(refused, "manifest.key-binding"))
                .contains("found the binding vai-kb/legacy", "the policy does not accept that");
        assertThat(failed(accepted)).isEmpty();
        assertThat(detail(accepted, "manifest.key-binding"))
                .contains("alone, and for neither challenge nor job nor gpu evidence; accepted by policy: its tools");
    }

    /** Gives the manifest a report of older tools, under the name of their binding. */
    private void bindKeyAlone() throws Exception {
        SnpEvidence legacy = Lab.MACHINE.report(KeyBinding.legacyReportData(key.spki()));
        Bytes report = legacy.report();
        Files.write(folder.resolve("evidence").resolve(report.sha256().hex()), report.toByteArray());
        Lab.rewrite(folder, key, s -> {
            Lab.byproduct(s, "tee/snp-report")
                    .withObjectProperty("digest")
                    .put("sha256", report.sha256().hex());
            Lab.byproduct(s, "key-binding").withObjectProperty("annotations").put("profile", KeyBinding.LEGACY_PROFILE);
        });
    }
}
