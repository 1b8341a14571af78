package org.verifiableai.manifest;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verdict;

/**
 * One folder on the way through a lineage.
 *
 * @param folder where it is
 * @param depth the number of trainings between it and the nearest of the models asked about
 * @param judgedAs the digest by which its policy was chosen; empty if it states none
 * @param provenance what its manifest says, as it was verified where it was accepted; null if it cannot be read
 * @param verdict what came of it; null if nothing was verified
 */
record LineageStep(
        Path folder,
        int depth,
        Bytes judgedAs,
        @Nullable Provenance provenance,
        @Nullable Verdict<Provenance> verdict) {

    boolean accepted() {
        return verdict != null && verdict.accepted();
    }

    /** How messages call it. */
    String name() {
        return judgedAs.isEmpty() ? "the model in " + folder : "model " + judgedAs;
    }
}
