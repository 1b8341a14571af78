package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.signing.SigningKey;

class ProvenanceVerifierTest {

    private static final Bytes OTHER_NONCE = Bytes.utf8("another challenge of 32 bytes !!");

    private final SigningKey key = SigningKey.generate();

    @TempDir
    Path folder;

    @BeforeEach
    void makeAModel() throws Exception {
        Lab.train(folder);
        signer(Samples.job().build(), key).attest().sign(folder);
    }

    private static ManifestSigner.Builder signer(Job job, SigningKey key) {
        return ManifestSigner.builder(job, Lab.MACHINE)
                .gpu(Lab.GPU)
                .framework("pytorch", "2.7.1")
                .key(key);
    }

    private Verdict<Provenance> verify() throws EvidenceUnavailableException {
        return verify(Lab.policy());
    }

    private Verdict<Provenance> verify(ProvenancePolicy.Builder policy) throws EvidenceUnavailableException {
        return Lab.verifier().verify(folder, policy.build());
    }

    private static void assertOnlyFails(Verdict<?> verdict, CheckId check, String because) {
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(check);
        assertThat(verdict.failures().get(0).detail()).contains(because);
    }

    private static CheckResult result(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aModelThatWasMadeAsItsManifestSaysIsAccepted() throws Exception {
        Verdict<Provenance> verdict = verify();
        assertThat(verdict.failures()).isEmpty();
        Verified<Provenance> verified = verdict.orElseThrow();
        FolderDigest adapter = new ManifestFolder(folder).adapter();
        assertThat(verified.value().modelDigest()).isEqualTo(adapter.dirHash1());
        assertThat(verified.facts())
                .containsEntry("manifest.model", adapter.dirHash1().hex())
                .containsEntry(
                        "manifest.digest", verified.value().manifestDigest().hex())
                .containsEntry("manifest.key", key.spki().sha256().hex())
                .containsEntry("manifest.nonce", Samples.NONCE.hex())
                .containsEntry("manifest.base-model", Samples.baseModel().uri())
                .containsEntry(
                        "manifest.base-model-digest",
                        Samples.baseModel().digest().hex())
                .containsEntry("manifest.data.train", Samples.dataSet().sha256().hex())
                .containsKeys("manifest.started-at", "manifest.finished-at", "gpu.ueid");
        assertThat(verdict.checks())
                .extracting(CheckResult::id)
                .contains(
                        ManifestChecks.FORMAT,
                        ManifestChecks.STATEMENT,
                        ManifestChecks.EVIDENCE,
                        SnpChecks.SIGNATURE,
                        SnpChecks.REPORT_DATA,
                        ManifestChecks.KEY_BINDING,
                        ManifestChecks.SIGNATURE,
                        ManifestChecks.NONCE,
                        GpuChecks.NONCE,
                        ManifestChecks.GPU,
                        ManifestChecks.FILES,
                        ManifestChecks.BASE_MODEL);
    }

    @ParameterizedTest
    @EnumSource(
            value = SignatureAlgorithm.class,
            names = {"ECDSA_P256_SHA256", "ED25519"})
    void otherKindsOfKeyAreAccepted(SignatureAlgorithm algorithm) throws Exception {
        signer(Samples.job().build(), SigningKey.generate(algorithm, new SecureRandom()))
                .attest()
                .sign(folder);
        assertThat(verify().failures()).isEmpty();
    }

    @Test
    void whatThePolicyGaveUpIsShownWithItsReason() throws Exception {
        Verdict<Provenance> verdict = verify(ProvenancePolicy.builder()
                .snp(Lab.snpPolicy())
                .withoutGpu("no gpu asked for")
                .withoutFreshness("an old model")
                .anyBaseModel("all are fine")
                .anyDataSet("read them all")
                .anyJobArchive("ran them all")
                .withoutClosing("one report each")
                .anyWeights("for study"));
        assertThat(verdict.accepted()).isTrue();
        assertThat(result(verdict, ManifestChecks.GPU).detail()).isEqualTo("waived by policy: no gpu asked for");
        assertThat(result(verdict, ManifestChecks.NONCE).detail()).isEqualTo("waived by policy: an old model");
        assertThat(result(verdict, ManifestChecks.BASE_MODEL).detail()).isEqualTo("waived by policy: all are fine");
        assertThat(result(verdict, ManifestChecks.DATA).detail()).isEqualTo("waived by policy: read them all");
        assertThat(result(verdict, ManifestChecks.JOB_ARCHIVE).detail()).isEqualTo("waived by policy: ran them all");
        assertThat(result(verdict, ManifestChecks.CLOSING_GUEST).detail())
                .isEqualTo("waived by policy: one report each");
        assertThat(result(verdict, ManifestChecks.WEIGHTS).detail()).isEqualTo("waived by policy: for study");
    }

    @Test
    void aModelTrainedWithoutGpuIsRejectedWhereOneIsDemanded() throws Exception {
        ManifestSigner.builder(Samples.job().build(), Lab.MACHINE).attest().sign(folder);
        assertOnlyFails(verify(), ManifestChecks.GPU, "expected that of at least one GPU, found none");
    }

    @Test
    void aSecondSignatureIsRejected() throws Exception {
        Lab.rewrap(folder, bundle -> {
            ArrayNode signatures = (ArrayNode) bundle.at("/dsseEnvelope/signatures");
            signatures.add(signatures.get(0).deepCopy());
        });
        Verdict<Provenance> verdict = verify();
        assertOnlyFails(verdict, ManifestChecks.FORMAT, "at most 1 objects, found 2 elements");
        assertThat(result(verdict, ManifestChecks.FILES).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(result(verdict, ManifestChecks.SIGNATURE).detail())
                .isEqualTo("could not run because manifest.format failed");
    }

    @Test
    void aFolderWithoutManifestIsRejected() throws Exception {
        Files.delete(folder.resolve("claims.jsonl"));
        assertOnlyFails(verify(), ManifestChecks.FORMAT, "claims.jsonl: expected a regular file, found none");
    }

    @Test
    void aFolderThatIsNotThereIsNeitherAcceptedNorRejected() {
        assertThatExceptionOfType(EvidenceUnavailableException.class)
                .isThrownBy(() -> Lab.verifier()
                        .verify(folder.resolve("none"), Lab.policy().build()));
    }

    @Test
    void aStatementWithAnUnknownParameterIsRejected() throws Exception {
        Lab.rewrite(folder, key, statement -> Lab.external(statement).put("backdoor", true));
        assertOnlyFails(verify(), ManifestChecks.STATEMENT, "externalParameters: expected no members but");
    }

    @Test
    void evidenceThatIsNotThereIsRejectedAndTheRestStillRuns() throws Exception {
        Files.delete(folder.resolve("evidence").resolve(key.spki().sha256().hex()));
        Files.writeString(folder.resolve("README.md"), "another card");
        Verdict<Provenance> verdict = verify();
        assertThat(verdict.failures())
                .extracting(CheckResult::id)
                .containsExactly(ManifestChecks.EVIDENCE, ManifestChecks.FILES);
        assertThat(result(verdict, ManifestChecks.SIGNATURE).detail())
                .isEqualTo("could not run because manifest.evidence failed");
    }

    @Test
    void evidenceWithOtherBytesIsRejected() throws Exception {
        Files.writeString(folder.resolve("evidence").resolve(key.spki().sha256().hex()), "other");
        assertOnlyFails(verify(), ManifestChecks.EVIDENCE, "content with the SHA-256 of its name");
    }

    @Test
    void evidenceThatPlaysAnUnknownPartIsRejected() throws Exception {
        Lab.rewrite(folder, key, s -> Lab.byproduct(s, "tee/gpu-evidence").put("name", "tee/tdx-quote"));
        assertOnlyFails(verify(), ManifestChecks.EVIDENCE, "a part that is known, found tee/tdx-quote");
    }

    @Test
    void twoReportsAreRejected() throws Exception {
        Lab.rewrite(
                folder,
                key,
                s -> ((ArrayNode) s.at("/predicate/runDetails/byproducts"))
                        .add(Lab.byproduct(s, "tee/snp-report").deepCopy()));
        assertOnlyFails(verify(), ManifestChecks.EVIDENCE, "one tee/snp-report, found 2 of them");
    }

    @Test
    void anotherBindingOfTheKeyIsRejected() throws Exception {
        Lab.rewrite(
                folder,
                key,
                s -> Lab.byproduct(s, "key-binding")
                        .withObjectProperty("annotations")
                        .put("profile", "vai-kb/2"));
        assertOnlyFails(verify(), ManifestChecks.KEY_BINDING, "expected that of the report, vai-kb/1, found vai-kb/2");
    }

    @Test
    void aKeyOfAnotherKindThanTheStatementSaysIsRejected() throws Exception {
        Lab.rewrite(
                folder,
                key,
                s -> Lab.byproduct(s, "key-binding")
                        .withObjectProperty("annotations")
                        .put("alg", "ed25519"));
        assertOnlyFails(verify(), ManifestChecks.KEY_BINDING, "found ed25519");
    }

    @Test
    void aManifestSignedByAnotherKeyUnderTheNameOfTheAttestedOneIsRejected() throws Exception {
        SignedManifest manifest = new ManifestFolder(folder).manifest();
        SignedManifest forged = SignedManifest.sign(manifest.payload(), SigningKey.generate());
        Lab.rewrap(
                folder,
                bundle -> ((ObjectNode) bundle.at("/dsseEnvelope/signatures/0")).put("sig", signatureOf(forged)));
        assertOnlyFails(
                verify(),
                ManifestChecks.SIGNATURE,
                "expected one by the key " + key.spki().sha256());
    }

    @Test
    void aHintAtAnotherKeyIsRejected() throws Exception {
        Lab.rewrap(folder, bundle -> {
            ((ObjectNode) bundle.at("/verificationMaterial/publicKey")).put("hint", "other");
            ((ObjectNode) bundle.at("/dsseEnvelope/signatures/0")).put("keyid", "");
        });
        assertOnlyFails(verify(), ManifestChecks.SIGNATURE, "found other");
    }

    @Test
    void aSignatureThatIsNotDerIsRejected() throws Exception {
        Lab.rewrap(folder, bundle -> {
            ObjectNode signature = (ObjectNode) bundle.at("/dsseEnvelope/signatures/0");
            byte[] der =
                    java.util.Base64.getDecoder().decode(signature.get("sig").asText());
            signature.put("sig", Bytes.of(der).concat(Bytes.zeros(1)).base64());
        });
        assertOnlyFails(verify(), ManifestChecks.SIGNATURE, "an ECDSA signature in DER");
    }

    @Test
    void aReportForAnotherKeyIsRejected() throws Exception {
        Files.delete(folder.resolve("model.sig")); // he has no use for one by a key that is not his
        SigningKey thief = SigningKey.generate();
        Lab.rewrite(
                folder,
                thief,
                s -> Lab.byproduct(s, "key-binding")
                        .withObjectProperty("digest")
                        .put("sha256", thief.spki().sha256().hex()));
        Verdict<Provenance> verdict = verify(Lab.policy());
        assertThat(verdict.failures())
                .extracting(CheckResult::id)
                .containsExactly(SnpChecks.REPORT_DATA, ManifestChecks.KEY_BINDING, GpuChecks.NONCE);
        assertThat(result(verdict, ManifestChecks.KEY_BINDING).detail())
                .contains(key.spki().sha256() + ", which the report vouches for")
                .contains("found " + thief.spki().sha256());
    }

    @Test
    void aReportForAnotherChallengeIsRejected() throws Exception {
        Lab.rewrite(folder, key, s -> Lab.external(s).put("nonce", OTHER_NONCE.hex()));
        Verdict<Provenance> verdict = verify(ProvenancePolicy.builder()
                .snp(Lab.snpPolicy())
                .withoutGpu("only the report matters here")
                .nonce(OTHER_NONCE)
                .baseModel(Samples.baseModel().digest())
                .dataSet(Samples.dataSet().sha256()));
        assertOnlyFails(verdict, SnpChecks.REPORT_DATA, "");
    }

    @Test
    void aReportForAnotherJobIsRejected() throws Exception {
        Lab.rewrite(
                folder,
                key,
                s -> Lab.external(s).withObjectProperty("hyperParameters").put("r", 16));
        assertOnlyFails(verify(), SnpChecks.REPORT_DATA, "");
    }

    @Test
    void aReportWithoutTheGpuIsRejectedWhereTheManifestClaimsOne(@TempDir Path other) throws Exception {
        Lab.train(other);
        SigningKey otherKey = SigningKey.generate();
        ManifestSigner withoutGpu = ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .key(otherKey)
                .attest();
        withoutGpu.sign(other);
        Bytes gpu = Bytes.utf8(Lab.GPU
                .evidence(KeyBinding.gpuNonce(otherKey.spki(), Samples.NONCE))
                .toJson());
        Files.write(other.resolve("evidence").resolve(gpu.sha256().hex()), gpu.toByteArray());
        Lab.rewrite(
                other,
                otherKey,
                s -> ((ArrayNode) s.at("/predicate/runDetails/byproducts"))
                        .addObject()
                        .put("name", "tee/gpu-evidence")
                        .put("mediaType", "application/json")
                        .putObject("digest")
                        .put("sha256", gpu.sha256().hex()));
        assertOnlyFails(Lab.verifier().verify(other, Lab.policy().build()), SnpChecks.REPORT_DATA, "");
    }

    @Test
    void gpuEvidenceForAnotherNonceIsRejected() throws Exception {
        ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .gpu(nonce -> Lab.GPU.evidence(Bytes.zeros(32)))
                .attest()
                .sign(folder);
        assertOnlyFails(verify(), GpuChecks.NONCE, "");
    }

    @Test
    void aChallengeThatTheVerifierDidNotMakeIsRejected() throws Exception {
        Verdict<Provenance> verdict = verify(Lab.policy().nonce(OTHER_NONCE));
        assertOnlyFails(verdict, ManifestChecks.NONCE, "must be " + OTHER_NONCE + ", found " + Samples.NONCE);
    }

    @Test
    void aJobWithoutChallengeIsRejectedWhereOneIsExpected() throws Exception {
        Job job = Job.on(Samples.baseModel()).dataSet(Samples.dataSet()).build();
        signer(job, SigningKey.generate()).attest().sign(folder);
        assertOnlyFails(verify(), ManifestChecks.NONCE, "found none");
    }

    @Test
    void anotherBaseModelIsRejected() throws Exception {
        Verdict<Provenance> verdict = verify(Lab.policyOn(Bytes.utf8("other").sha256()));
        assertOnlyFails(
                verdict,
                ManifestChecks.BASE_MODEL,
                "found " + Samples.baseModel().digest());
    }

    @Test
    void aChangedFileIsRejected() throws Exception {
        Files.write(
                folder.resolve("adapter_model.safetensors"),
                Lab.safetensors("DELTA").toByteArray());
        assertOnlyFails(verify(), ManifestChecks.FILES, "adapter_model.safetensors: expected sha256");
    }

    @Test
    void aFileOfAnotherSizeIsRejected() throws Exception {
        Files.writeString(folder.resolve("adapter_model.safetensors"), "x", StandardOpenOption.APPEND);
        assertOnlyFails(verify(), ManifestChecks.FILES, "bytes, found");
    }

    @Test
    void anExtraFileIsRejected() throws Exception {
        Files.writeString(folder.resolve("modeling.py"), "import os");
        assertOnlyFails(verify(), ManifestChecks.FILES, "modeling.py: expected no such file, found one");
    }

    @Test
    void aMissingFileIsRejected() throws Exception {
        Files.delete(folder.resolve("README.md"));
        assertOnlyFails(verify(), ManifestChecks.FILES, "README.md: expected a file, found none");
    }

    @Test
    void aSymbolicLinkInPlaceOfAFileIsRejected(@TempDir Path elsewhere) throws Exception {
        Path readme = folder.resolve("README.md");
        Files.move(readme, elsewhere.resolve("README.md"));
        Files.createSymbolicLink(readme, elsewhere.resolve("README.md"));
        assertOnlyFails(verify(), ManifestChecks.FILES, "found a symbolic link");
    }

    @Test
    void aFileThatHidesAmongTheEvidenceIsRejected() throws Exception {
        Files.writeString(folder.resolve("evidence/modeling.py"), "import os");
        assertOnlyFails(verify(), ManifestChecks.FILES, "found modeling.py");
    }

    // The OpenSSF root covers contents in the order of names, so this renaming leaves it as it is.
    @Test
    void aNameThatChangesUnderTheSameRootIsRejected() throws Exception {
        Bytes root = new ManifestFolder(folder).adapter().omsRoot();
        Files.move(folder.resolve("adapter_config.json"), folder.resolve("adapter_confih.json"));
        assertThat(new ManifestFolder(folder).adapter().omsRoot()).isEqualTo(root);
        assertOnlyFails(verify(), ManifestChecks.FILES, "adapter_config.json: expected a file, found none");
    }

    @Test
    void theManifestOfOneModelBesideAnotherIsRejected(@TempDir Path other) throws Exception {
        Lab.train(other);
        Files.writeString(other.resolve("adapter_model.safetensors"), "other");
        signer(Samples.job().build(), SigningKey.generate()).attest().sign(other);
        Files.copy(other.resolve("claims.jsonl"), folder.resolve("claims.jsonl"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(other.resolve("model.sig"), folder.resolve("model.sig"), StandardCopyOption.REPLACE_EXISTING);
        try (var pieces = Files.list(other.resolve("evidence"))) {
            for (Path piece : pieces.toList()) {
                Files.copy(
                        piece,
                        folder.resolve("evidence").resolve(piece.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        assertOnlyFails(verify(), ManifestChecks.FILES, "adapter_model.safetensors");
    }

    @Test
    void aReportThatIsNotOneIsRejected() throws Exception {
        Bytes broken = Lab.brokenReport().report();
        Files.write(folder.resolve("evidence").resolve(broken.sha256().hex()), broken.toByteArray());
        Lab.rewrite(
                folder,
                key,
                s -> Lab.byproduct(s, "tee/snp-report")
                        .withObjectProperty("digest")
                        .put("sha256", broken.sha256().hex()));
        Verdict<Provenance> verdict = verify();
        assertThat(verdict.failures()).extracting(CheckResult::id).contains(SnpChecks.FORMAT);
        assertThat(result(verdict, ManifestChecks.KEY_BINDING).detail())
                .isEqualTo("could not run because snp.format failed");
    }

    @Test
    void aMachineOfAnotherAuthorityIsRejected() throws Exception {
        Verdict<Provenance> verdict =
                ProvenanceVerifier.builder().build().verify(folder, Lab.policy().build());
        assertThat(verdict.failures()).extracting(CheckResult::id).contains(SnpChecks.CHAIN, GpuChecks.CHAIN);
        assertThat(verdict.failures())
                .extracting(CheckResult::id)
                .noneMatch(id -> id.name().startsWith("manifest."));
    }

    @Test
    void aGuestOfOtherSoftwareIsRejected() throws Exception {
        Bytes other = Bytes.utf8("other software").sha384();
        ManifestSigner.builder(Samples.job().build(), Lab.MACHINE.withMeasurement(other))
                .gpu(Lab.GPU)
                .attest()
                .sign(folder);
        assertOnlyFails(verify(), SnpChecks.MEASUREMENT, other.hex());
    }

    @Test
    void aReportThatWasChangedIsRejected() throws Exception {
        Path report = folder.resolve("evidence")
                .resolve(new ManifestFolder(folder)
                        .manifest()
                        .provenance()
                        .evidence()
                        .get(0)
                        .sha256()
                        .hex());
        byte[] changed = Files.readAllBytes(report);
        changed[0x160] ^= 1; // REPORT_ID_MA, which nothing but the signature covers
        Bytes digest = Bytes.of(changed).sha256();
        Files.write(folder.resolve("evidence").resolve(digest.hex()), changed);
        Lab.rewrite(
                folder,
                key,
                s -> Lab.byproduct(s, "tee/snp-report")
                        .withObjectProperty("digest")
                        .put("sha256", digest.hex()));
        assertOnlyFails(verify(), SnpChecks.SIGNATURE, "");
    }

    @Test
    void everyDefectIsNamedAtOnce() throws Exception {
        Files.writeString(folder.resolve("README.md"), "another card");
        Verdict<Provenance> verdict =
                verify(Lab.policyOn(Bytes.utf8("other").sha256()).nonce(OTHER_NONCE));
        assertThat(verdict.failures())
                .extracting(CheckResult::id)
                .isEqualTo(List.of(ManifestChecks.NONCE, ManifestChecks.FILES, ManifestChecks.BASE_MODEL));
    }

    private static String signatureOf(SignedManifest manifest) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(manifest.toJson())
                    .at("/dsseEnvelope/signatures/0/sig")
                    .asText();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
