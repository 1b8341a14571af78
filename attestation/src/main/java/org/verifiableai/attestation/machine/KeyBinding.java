package org.verifiableai.attestation.machine;

import org.verifiableai.attestation.Bytes;

/**
 * The key binding {@code vai-kb/1}: how a report of the machine vouches for a key, the challenge, the job and the GPU's
 * evidence at once.
 *
 * <p>Inside the guest the order is: make the key, derive the GPU nonce from it, fetch the GPU's evidence, ask for the
 * report. What comes later covers what came before, so that none of it can be taken from another machine or another run.
 *
 * <p>REPORT_DATA is chosen by the guest. The binding therefore proves no more than that the measured software asked for
 * this report; that the software is one that keeps the key to itself is what the policy on the measurement says.
 */
public final class KeyBinding {

    /** The name of this binding. */
    public static final String PROFILE = "vai-kb/1";

    private static final Bytes GPU_NONCE_DOMAIN = Bytes.utf8("vai-gpu-nonce/v1\0");
    private static final Bytes REPORT_DATA_DOMAIN = Bytes.utf8("vai-report-data/v1\0");

    private KeyBinding() {}

    /** SHA-256 over a DER SubjectPublicKeyInfo, 32 bytes. */
    public static Bytes fingerprint(Bytes spki) {
        return spki.sha256();
    }

    /**
     * The nonce that the GPU has to sign, 32 bytes.
     *
     * @param spki the DER SubjectPublicKeyInfo of the guest's key
     * @param nonce the verifier's challenge; empty where there is none
     */
    public static Bytes gpuNonce(Bytes spki, Bytes nonce) {
        return GPU_NONCE_DOMAIN.concat(fingerprint(spki), nonce.sha256()).sha256();
    }

    /**
     * The REPORT_DATA that the guest has to ask for, 64 bytes. Bytes 0 to 31 are the fingerprint, as older tools expect;
     * bytes 32 to 63 bind the rest.
     *
     * @param spki the DER SubjectPublicKeyInfo of the guest's key
     * @param nonce the verifier's challenge; empty where there is none
     * @param job what the guest is to do, in a form that the relying party can make again; empty where there is nothing to say
     * @param gpuEvidence the bytes of the GPU's evidence; empty where there is no GPU
     */
    public static Bytes reportData(Bytes spki, Bytes nonce, Bytes job, Bytes gpuEvidence) {
        Bytes fingerprint = fingerprint(spki);
        Bytes rest = REPORT_DATA_DOMAIN
                .concat(fingerprint, nonce.sha256(), job.sha256(), gpuEvidence.sha256())
                .sha256();
        return fingerprint.concat(rest);
    }
}
