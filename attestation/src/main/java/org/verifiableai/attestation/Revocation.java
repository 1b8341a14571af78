package org.verifiableai.attestation;

/** How much a verifier makes of revocation. */
public enum Revocation {
    /** Every certificate that can be revoked must be shown not to be, by an answer that is current. */
    REQUIRE,
    /** Where there is an answer it counts; where there is none the check is waived, and the verdict says so. */
    USE_IF_AVAILABLE,
    /** Nobody is asked, and answers that are at hand are not looked at. */
    OFF
}
