package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.signing.SigningKey;

/** A model whose manifest somebody revokes, and what else an attacker may do to the lines beside it. */
class RevocationTest {

    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey OPERATOR = SigningKey.generate();
    private static final SigningKey STRANGER = SigningKey.generate();

    @TempDir
    Path path;

    private ManifestFolder folder;
    private Provenance provenance;

    @BeforeEach
    void makeAModel() throws Exception {
        Lab.train(path);
        sign(path, KEY);
        folder = new ManifestFolder(path);
        provenance = folder.manifest().provenance();
    }

    private static void sign(Path folder, SigningKey key) throws Exception {
        ManifestSigner.builder(Samples.job().build(), Lab.MACHINE)
                .gpu(Lab.GPU)
                .key(key)
                .attest()
                .sign(folder);
    }

    private Claim.Revoked revokedBy(SigningKey key) {
        return ClaimSigner.with(key).sign(ClaimTest.revocation(provenance));
    }

    private Verdict<Provenance> verify() throws Exception {
        return Lab.verifier()
                .verify(path, Lab.policy().revokedBy(OPERATOR.spki()).build());
    }

    private static CheckResult revocation(Verdict<?> verdict) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(ManifestChecks.REVOCATION))
                .findFirst()
                .orElseThrow();
    }

    private static void assertOnlyFails(Verdict<?> verdict, CheckId check, String because) {
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(check);
        assertThat(verdict.failures().get(0).detail()).contains(because);
    }

    private void addLine(String line) throws IOException {
        Files.writeString(path.resolve("claims.jsonl"), line + "\n", StandardOpenOption.APPEND);
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(path.resolve("claims.jsonl")));
    }

    @Test
    void aManifestThatNobodyRevokedIsAccepted() throws Exception {
        Verdict<Provenance> verdict = verify();
        assertThat(verdict.failures()).isEmpty();
        assertThat(revocation(verdict).detail())
                .isEqualTo(
                        "no revocation by one of 2 keys among 2 further claims, from which one could have been dropped");
    }

    @Test
    void aRevocationByAKeyOfThePolicyIsARejection() throws Exception {
        folder.append(revokedBy(OPERATOR));
        assertOnlyFails(verify(), ManifestChecks.REVOCATION, "the data set was poisoned");
    }

    @Test
    void aRevocationByTheManifestsOwnKeyIsARejection() throws Exception {
        folder.append(revokedBy(KEY));
        assertOnlyFails(
                Lab.verifier().verify(path, Lab.policy().build()),
                ManifestChecks.REVOCATION,
                "by the key " + KEY.spki().sha256());
    }

    @Test
    void aRevocationByAStrangerIsNone() throws Exception {
        folder.append(revokedBy(STRANGER));
        assertThat(verify().failures()).isEmpty();
    }

    @Test
    void aRevocationOfAnotherManifestIsNone() throws Exception {
        Claim.Revoked other =
                ClaimSigner.with(OPERATOR).sign(new ManifestRevocation(Bytes.zeros(32), "why", Samples.FINISHED));
        addLine(new String(other.line().toByteArray(), StandardCharsets.UTF_8));
        assertThat(verify().failures()).isEmpty();
    }

    @Test
    void aChangedHintDoesNotHideARevocation() throws Exception {
        Claim.Revoked genuine = revokedBy(OPERATOR);
        addLine(new String(genuine.line().toByteArray(), StandardCharsets.UTF_8)
                .replace(genuine.statement().hint(), "somebody"));
        assertOnlyFails(verify(), ManifestChecks.REVOCATION, "poisoned");
    }

    @Test
    void aRevocationAmongJunkIsFound() throws Exception {
        addLine("");
        addLine("junk");
        folder.append(revokedBy(OPERATOR));
        addLine("{\"more\":\"junk\"}");
        assertOnlyFails(verify(), ManifestChecks.REVOCATION, "poisoned");
    }

    @Test
    void claimsThatCannotAllBeReadMayHideARevocation() throws Exception {
        addLine("\n".repeat(ManifestFolder.MAX_CLAIMS));
        assertOnlyFails(verify(), ManifestChecks.FORMAT, "at most 1000 lines");
    }

    /** What the check cannot do, and what the registry on a chain is for. */
    @Test
    void aDroppedRevocationIsNotMissed() throws Exception {
        folder.append(revokedBy(OPERATOR));
        List<String> lines = lines();
        Files.write(path.resolve("claims.jsonl"), lines.subList(0, lines.size() - 1));
        assertThat(verify().failures()).isEmpty();
    }

    @Test
    void furtherClaimsInAnotherOrderAreTheSame() throws Exception {
        folder.append(
                ClaimSigner.with(STRANGER).sign(ClaimTest.evaluation(provenance).build()));
        folder.append(revokedBy(OPERATOR));
        List<String> lines = lines();
        Collections.swap(lines, 2, 3);
        Files.write(path.resolve("claims.jsonl"), lines);
        assertOnlyFails(verify(), ManifestChecks.REVOCATION, "poisoned");
    }

    @Test
    void anotherClaimInTheManifestsPlaceIsNoManifest() throws Exception {
        folder.append(
                ClaimSigner.with(KEY).sign(ClaimTest.evaluation(provenance).build()));
        List<String> lines = lines();
        Collections.swap(lines, 0, 1);
        Files.write(path.resolve("claims.jsonl"), lines);
        assertOnlyFails(verify(), ManifestChecks.STATEMENT, "predicateType");
    }

    @Test
    void theManifestOfOneModelBesideAnotherIsRefused(@TempDir Path other) throws Exception {
        Lab.train(other);
        Files.writeString(other.resolve("adapter_model.safetensors"), "other");
        sign(other, SigningKey.generate());
        Files.copy(
                other.resolve("adapter_model.safetensors"),
                path.resolve("adapter_model.safetensors"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertOnlyFails(verify(), ManifestChecks.FILES, "adapter_model.safetensors");
    }

    @Test
    void aSecondSignatureOnTheManifestIsRefused() throws Exception {
        Lab.rewrap(path, bundle -> {
            var signatures = bundle.get("dsseEnvelope").withArrayProperty("signatures");
            signatures.add(signatures.get(0).deepCopy());
        });
        assertOnlyFails(verify(), ManifestChecks.FORMAT, "an array of at most 1");
    }

    @Test
    void aModelThatIsPushedToARepositoryStaysAccepted() throws Exception {
        Files.writeString(path.resolve(".gitattributes"), "*.safetensors filter=lfs");
        Files.createDirectories(path.resolve(".git"));
        assertThat(verify().failures()).isEmpty();
    }

    @Test
    void aHardLinkToTheSignatureIsAFileTooMany() throws Exception {
        Files.createLink(path.resolve("adapter_model.bin"), path.resolve("model.sig"));
        assertOnlyFails(verify(), ManifestChecks.FILES, "adapter_model.bin: expected no such file, found one");
    }

    @Test
    void brokenEvidenceDoesNotSilenceTheKeysOfThePolicy() throws Exception {
        folder.append(revokedBy(OPERATOR));
        try (var evidence = Files.list(path.resolve("evidence"))) {
            for (Path piece : evidence.toList()) {
                Files.delete(piece);
            }
        }
        assertThat(revocation(verify()).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void keysThatMayRevokeAreStoredWithThePolicy() {
        ProvenancePolicy policy = Lab.policy().revokedBy(OPERATOR.spki()).build();
        assertThat(ProvenancePolicy.parse(policy.toJson()).revokers()).containsExactly(OPERATOR.spki());
        assertThatIllegalArgumentException().isThrownBy(() -> Lab.policy().revokedBy(Bytes.zeros(4)));
    }

    @Test
    void aPolicyThatIsBuiltOnAnotherKeepsItsRevokers() throws Exception {
        folder.append(revokedBy(OPERATOR));
        ProvenancePolicy first = Lab.policy().revokedBy(OPERATOR.spki()).build();
        ProvenancePolicy second =
                first.toBuilder().requireLaunch().build().toBuilder().build();
        assertThat(second.revokers()).containsExactly(OPERATOR.spki());
        assertOnlyFails(
                Lab.verifier().verify(path, first.toBuilder().build()),
                ManifestChecks.REVOCATION,
                "the data set was poisoned");
    }
}
