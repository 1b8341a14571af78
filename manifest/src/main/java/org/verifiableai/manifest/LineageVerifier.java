package org.verifiableai.manifest;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Verdict;

/**
 * Appraises a model together with those that it was trained from, as far as they have manifests. Immutable and
 * thread-safe.
 *
 * <p>A manifest names its base model by digest. Where a {@link ModelSource} has that model with a manifest of its own, it
 * is verified in the same way, and so on. An acceptance proves what {@link ProvenanceVerifier} proves, for each of them;
 * and that each named the next by the digest of the very files that the next manifest speaks of. It proves nothing of the
 * models at which the manifests end, {@link LineageNode.UnprovenModel}: somebody decided to accept them by digest.
 *
 * <p>A model's digest does not cover its manifest, so that two machines could each claim to have started from what the
 * other made. Cycles are refused for that reason, although every manifest in one may be accepted by itself.
 *
 * <p>The facts of an acceptance: {@code lineage.models}, the digests of the models asked about; {@code lineage.count}, how
 * many models with manifests there are; {@code lineage.origins}, the digests of the base models without. Digests are
 * separated by spaces.
 *
 * <pre>{@code
 * LineageVerifier lineages = LineageVerifier.of(ProvenanceVerifier.builder().build());
 * Verdict<Lineage> verdict = lineages.verify(folder, ModelSource.below(List.of(models)), policy);
 * }</pre>
 */
public final class LineageVerifier {

    private final ProvenanceVerifier verifier;

    private LineageVerifier(ProvenanceVerifier verifier) {
        this.verifier = verifier;
    }

    /** A verifier that judges each model by {@code verifier}. */
    public static LineageVerifier of(ProvenanceVerifier verifier) {
        return new LineageVerifier(Objects.requireNonNull(verifier, "verifier"));
    }

    /**
     * Runs every check. Reads each folder once.
     *
     * @param modelFolder the model asked about
     * @param source where the models can be had that it was trained from
     * @param policy what the relying party demands
     * @return the verdict; folders however malformed give a rejection
     * @throws EvidenceUnavailableException if something cannot be read, or the source cannot tell
     */
    public Verdict<Lineage> verify(Path modelFolder, ModelSource source, LineagePolicy policy)
            throws EvidenceUnavailableException {
        return verifyAll(List.of(modelFolder), source, policy).verdict();
    }

    /**
     * Runs every check on several models and those that they were trained from. A model that several were trained from is
     * verified once.
     *
     * @param modelFolders the models asked about; at least one
     * @param source where the models can be had that they were trained from
     * @param policy what the relying party demands
     * @return the verdict, and beside it that on each model; folders however malformed give a rejection
     * @throws EvidenceUnavailableException if something cannot be read, or the source cannot tell
     * @throws IllegalArgumentException if no model is asked about
     */
    public LineageResult verifyAll(List<Path> modelFolders, ModelSource source, LineagePolicy policy)
            throws EvidenceUnavailableException {
        if (modelFolders.isEmpty()) {
            throw new IllegalArgumentException("models: expected at least one folder, found none");
        }
        return new LineageAppraisal(verifier, source, policy).run(modelFolders);
    }
}
