package org.verifiableai.attestation;

/** What came of one check. */
public enum Outcome {
    /** The check ran and its condition holds. */
    PASSED,
    /** The check ran and its condition does not hold. */
    FAILED,
    /**
     * The check did not run. Either the policy waived it, and the detail gives the policy's reason; or it does not apply
     * to evidence of this kind, and the detail says why; or an earlier check failed and left it nothing to run on, and
     * the detail names that check. All but the last can be accepted.
     */
    NOT_EVALUATED
}
