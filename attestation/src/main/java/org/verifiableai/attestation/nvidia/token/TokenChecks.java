package org.verifiableai.attestation.nvidia.token;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/** The checks of {@link TokenVerifier}, by their stable names, in the order in which a verdict lists them. */
public final class TokenChecks {

    /** The document is of a form that this version reads, and so is every token in it. */
    public static final CheckId FORMAT = new CheckId("token.format");

    /** Every token is of an issuer that the policy admits, and all of a bundle are of one. */
    public static final CheckId ISSUER = new CheckId("token.issuer");

    /** Every token is signed by the algorithm of its issuer, and by no other. */
    public static final CheckId ALGORITHM = new CheckId("token.algorithm");

    /** A token that proves nothing by itself was made in a guest whose verified report binds it. */
    public static final CheckId GUEST = new CheckId("token.guest");

    /**
     * Every token names a key of its issuer, and the certificates that come with the key certify it and are valid at the
     * instant at which the token was issued.
     */
    public static final CheckId KEY = new CheckId("token.key");

    /** The overall token and the token of every device are signed with the key that they name. */
    public static final CheckId SIGNATURE = new CheckId("token.signature");

    /** Every token has begun and not expired at the instant of the verifier's clock, and none is from the future. */
    public static final CheckId TIMES = new CheckId("token.times");

    /** The overall token and that of every device answer the nonce that the policy expects. */
    public static final CheckId NONCE = new CheckId("token.nonce");

    /** The overall token names every device token by its digest, and there is none beside those. */
    public static final CheckId SUBMODULES = new CheckId("token.submodules");

    /** No token says that its maker could not judge. */
    public static final CheckId ERRORS = new CheckId("token.errors");

    /** The devices are as many, as different from each other, and of the kinds that the policy wants. */
    public static final CheckId DEVICES = new CheckId("token.devices");

    /** The overall token says that its maker's appraisal succeeded. */
    public static final CheckId RESULT = new CheckId("token.result");

    /**
     * Every claim of every device that stands for a step of the appraisal is there, and says that it succeeded; and there
     * is no warning, unless the policy admits them.
     */
    public static final CheckId CLAIMS = new CheckId("token.claims");

    /** The policy files of NVIDIA's SDK accept. */
    public static final CheckId POLICY = new CheckId("token.policy");

    /** Every check, in the order of a verdict. */
    public static final List<CheckId> ALL = List.of(
            FORMAT,
            ISSUER,
            ALGORITHM,
            GUEST,
            KEY,
            SIGNATURE,
            TIMES,
            NONCE,
            SUBMODULES,
            ERRORS,
            DEVICES,
            RESULT,
            CLAIMS,
            POLICY);

    private TokenChecks() {}
}
