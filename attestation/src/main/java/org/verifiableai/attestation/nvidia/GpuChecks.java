package org.verifiableai.attestation.nvidia;

import org.verifiableai.attestation.CheckId;

/** The checks of {@link GpuVerifier}, by their stable names, in the order in which a verdict lists them. */
public final class GpuChecks {

    /** Report and certificates are of a form that this version reads. */
    public static final CheckId FORMAT = new CheckId("gpu.format");

    /**
     * The certificates are as many as the policy wants, each is signed by the next and may do what it does, all keys are
     * on P-384, and the last is, byte for byte, an authority of the trust anchors.
     */
    public static final CheckId CHAIN = new CheckId("gpu.chain");

    /** Every certificate is valid at the instant of the verifier's clock. */
    public static final CheckId VALIDITY = new CheckId("gpu.validity");

    /** No certificate is revoked. This version cannot tell, and every policy waives it in words. */
    public static final CheckId REVOCATION = new CheckId("gpu.revocation");

    /** The certificates are of an architecture that the policy admits, and the report is of that kind of device. */
    public static final CheckId ARCHITECTURE = new CheckId("gpu.architecture");

    /** The key of the first certificate signed the report. */
    public static final CheckId SIGNATURE = new CheckId("gpu.signature");

    /** The firmware identifier in the report equals the one in the first certificate. */
    public static final CheckId FWID = new CheckId("gpu.fwid");

    /** The report answers the nonce that the policy expects. */
    public static final CheckId NONCE = new CheckId("gpu.nonce");

    /** The measurements are NVIDIA's reference values. This version cannot tell, and every policy waives it in words. */
    public static final CheckId MEASUREMENTS = new CheckId("gpu.measurements");

    private GpuChecks() {}
}
