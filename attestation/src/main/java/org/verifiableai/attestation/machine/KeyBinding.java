package org.verifiableai.attestation.machine;

import org.verifiableai.attestation.Bytes;

/**
 * The key binding {@code vai-kb/1}: how a report of the machine vouches for a key, the challenge, the job and the GPU's
 * evidence at once.
 *
 * <p>Inside the guest the order is: make the key, derive the GPU nonce from it, fetch the GPU's evidence, ask for the
 * report. What comes later covers what came before, so that none of it can be taken from another machine or another run.
 *
 * <p>After its work the guest may ask for a second report over what came of it, {@link #closingData}: an equal REPORT_ID
 * then shows that the guest which finished is the one which began.
 *
 * <p>REPORT_DATA is chosen by the guest. The binding therefore proves no more than that the measured software asked for
 * this report; that the software is one that keeps the key to itself is what the policy on the measurement says.
 */
public final class KeyBinding {

    /** The name of this binding. */
    public static final String PROFILE = "vai-kb/1";

    /**
     * The name of the binding of older tools: the fingerprint, then 32 zero bytes. It binds the key and neither challenge
     * nor job nor GPU, so that one report serves whatever the key ever signs.
     */
    public static final String LEGACY_PROFILE = "vai-kb/legacy";

    /** The size of REPORT_DATA in bytes. */
    public static final int REPORT_DATA_SIZE = 64;

    private static final int FINGERPRINT_SIZE = 32;

    private static final Bytes GPU_NONCE_DOMAIN = Bytes.utf8("vai-gpu-nonce/v1\0");
    private static final Bytes REPORT_DATA_DOMAIN = Bytes.utf8("vai-report-data/v1\0");
    private static final Bytes CLOSING_DOMAIN = Bytes.utf8("vai-close/v1\0");

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

    /**
     * The REPORT_DATA of older tools, 64 bytes; see {@link #LEGACY_PROFILE}.
     *
     * @param spki the DER SubjectPublicKeyInfo of the guest's key
     */
    public static Bytes legacyReportData(Bytes spki) {
        return fingerprint(spki).concat(Bytes.zeros(REPORT_DATA_SIZE - FINGERPRINT_SIZE));
    }

    /**
     * Whether these report data bind a key and nothing else: their second half is zero. No data of {@link #PROFILE} are,
     * since nobody can find what hashes to zero.
     *
     * @param reportData 64 bytes
     */
    public static boolean isLegacy(Bytes reportData) {
        return reportData.slice(FINGERPRINT_SIZE, REPORT_DATA_SIZE).isZero();
    }

    /**
     * The REPORT_DATA that the guest has to ask for when its work is done, 64 bytes: the fingerprint, then what binds the
     * outcome. They are of another domain than {@link #reportData}, so that neither report can stand for the other.
     *
     * @param spki the DER SubjectPublicKeyInfo of the guest's key
     * @param outcome SHA-256 of what the key signed about its work, 32 bytes
     * @throws IllegalArgumentException if {@code outcome} is not of 32 bytes
     */
    public static Bytes closingData(Bytes spki, Bytes outcome) {
        if (outcome.size() != FINGERPRINT_SIZE) {
            throw new IllegalArgumentException("outcome must be a digest of 32 bytes, found " + outcome.size());
        }
        return fingerprint(spki).concat(CLOSING_DOMAIN.concat(outcome).sha256());
    }
}
