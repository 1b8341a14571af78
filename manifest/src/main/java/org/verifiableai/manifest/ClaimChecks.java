package org.verifiableai.manifest;

import org.verifiableai.attestation.CheckId;

/** The checks of {@link ClaimVerifier}, by their stable names, in the order in which a verdict lists them. */
public final class ClaimChecks {

    /** The claim is about this manifest and, where it names the model too, about this model. */
    public static final CheckId SUBJECT = new CheckId("claim.subject");

    /** The claim's hint is that of a key that the caller trusts for such claims. */
    public static final CheckId SIGNER = new CheckId("claim.signer");

    /** The one signature is by that key. */
    public static final CheckId SIGNATURE = new CheckId("claim.signature");

    private ClaimChecks() {}
}
