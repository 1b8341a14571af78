package org.verifiableai.attestation.nvidia;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;

/**
 * Somewhere that a GPU's evidence can be had: the GPU's driver, a service beside it, or a GPU made of software in a test.
 *
 * <p>A source is not trusted: the verifier compares the nonce in the report with the one that was asked for.
 */
@FunctionalInterface
public interface GpuEvidenceSource {

    /**
     * Asks the GPU to sign a report.
     *
     * @param nonce 32 bytes that nobody could foresee, or that are derived from such bytes; longer data are hashed by the
     *     caller first
     * @return report and certificate chain, not yet verified
     * @throws IllegalArgumentException if {@code nonce} is not of 32 bytes
     * @throws EvidenceUnavailableException if there is no GPU, or it does not answer
     */
    GpuEvidence evidence(Bytes nonce) throws EvidenceUnavailableException;
}
