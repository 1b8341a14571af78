package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.Jcs;

class ClaimFuzzTest {

    private static final ClaimSigner SIGNER = ClaimSigner.with(ClaimTest.EVALUATOR);

    @MethodSource("lines")
    @FuzzTest
    void anyLineIsAClaimThatKeepsItsBytes(byte[] input) {
        Bytes line = Bytes.of(input);
        Claim claim = Claim.read(line);
        assertThat(claim.line()).isEqualTo(line);
        if (claim instanceof Claim.Unknown unknown) {
            assertThat(unknown.reason()).isNotEmpty().doesNotContain("\n");
        }
        // What is read is what would be signed.
        if (claim instanceof Claim.Evaluated evaluated) {
            assertThat(evaluated.evaluation().toString()).doesNotContain("\n");
        }
        if (claim instanceof Claim.Revoked revoked) {
            assertThat(revoked.revocation().reason()).doesNotContain("\n");
        }
    }

    @MethodSource("evaluations")
    @FuzzTest
    void anEvaluationIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        Evaluation evaluation;
        try {
            evaluation = Evaluation.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(Evaluation.parse(evaluation.payload())).isEqualTo(evaluation);
    }

    @MethodSource("revocations")
    @FuzzTest
    void aRevocationIsRefusedOrSurvivesBeingWritten(byte[] input) throws MalformedEvidenceException {
        ManifestRevocation revocation;
        try {
            revocation = ManifestRevocation.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(ManifestRevocation.parse(revocation.payload())).isEqualTo(revocation);
    }

    static List<byte[]> lines() {
        ObjectNode oms = ClaimStatement.of(Claim.Oms.PREDICATE);
        ClaimStatement.writeSubject(oms, "model", ClaimStatement.digests().put("sha256", "ab".repeat(32)));
        return Stream.of(
                        Bytes.utf8(SignedManifest.sign(Samples.provenance().payload(), Samples.KEY)
                                .toJson()),
                        SIGNER.sign(ClaimTest.evaluation(Samples.provenance()).build())
                                .line(),
                        SIGNER.sign(ClaimTest.revocation(Samples.provenance())).line(),
                        SignedStatement.sign(Jcs.write(oms), ClaimTest.EVALUATOR)
                                .line(),
                        SignedStatement.sign(Jcs.write(ClaimStatement.of(Claim.Closing.PREDICATE)), ClaimTest.EVALUATOR)
                                .line())
                .map(Bytes::toByteArray)
                .toList();
    }

    static List<byte[]> evaluations() {
        return List.of(
                ClaimTest.evaluation(Samples.provenance()).build().payload().toByteArray());
    }

    static List<byte[]> revocations() {
        return List.of(ClaimTest.revocation(Samples.provenance()).payload().toByteArray());
    }

    /** A search that never gets past the first member reads half of the code. */
    @Test
    void theSeedsAreRead() {
        assertThat(lines().stream().map(line -> Claim.read(Bytes.of(line)).kind()))
                .containsExactly("manifest", "evaluation", "revocation", "model signature", "closing report");
    }
}
