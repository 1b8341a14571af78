package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.attestation.Verified;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.chain.registry.RegistryAccount;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;

/** The sample of the README: a marketplace takes a model only if its proof holds. */
final class VerifyModel {

    private VerifyModel() {}

    static Provenance accept(Path modelFolder, Path policyFile, ProvenanceVerifier verifier, RegistryAccount registry)
            throws IOException, EvidenceUnavailableException, VerificationException, ChainException {
        // region sample
        // Which machine, which firmware, which base model, answering which challenge.
        ProvenancePolicy policy = ProvenancePolicy.parse(Files.readString(policyFile));

        // ProvenanceVerifier.builder().build() trusts AMD's and NVIDIA's pinned roots.
        Verdict<Provenance> verdict = verifier.verify(modelFolder, policy);
        for (CheckResult check : verdict.checks()) {
            System.out.println(check); // PASSED snp.signature: ECDSA P-384 over 672 bytes ...
        }

        // A rejection throws and names every check that failed; nothing else makes a Verified.
        Verified<Provenance> provenance = verdict.orElseThrow();

        // The registry takes a Verified and nothing less: forgetting to verify does not compile.
        registry.publish(provenance);
        // endregion
        return provenance.value();
    }
}
