package org.verifiableai.manifest.oms;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/** The checks of {@link OmsVerifier}, by their stable names, in the order in which a verdict lists them. */
public final class OmsChecks {

    /** The signature is a strict sigstore bundle with one DSSE envelope, one signature in it, and an in-toto payload. */
    public static final CheckId FORMAT = new CheckId("oms.format");

    /**
     * The bundle speaks of the key that the verifier was given, or has a certificate where it was given authorities; the key
     * is of a kind that the format uses. Keyless bundles fail here.
     */
    public static final CheckId KEY = new CheckId("oms.key");

    /** One of the given authorities vouches for the certificate, at the verifier's time and for signatures. */
    public static final CheckId CHAIN = new CheckId("oms.chain");

    /** The signature is by that key, over the payload and its type. */
    public static final CheckId SIGNATURE = new CheckId("oms.signature");

    /** The payload is a statement of version 1.0 of the format; v0.2.0 wrote another. */
    public static final CheckId VERSION = new CheckId("oms.version");

    /** The statement keeps to the format's schema and does not contradict itself. */
    public static final CheckId STATEMENT = new CheckId("oms.statement");

    /** Every name that the statement lists is relative, and means one file on every file system. */
    public static final CheckId NAMES = new CheckId("oms.names");

    /** The subject's digest is the one over the listed digests in their listed order. */
    public static final CheckId ROOT = new CheckId("oms.root");

    /** What the signer left out hides nothing that a loader of the model would read. */
    public static final CheckId IGNORE_PATHS = new CheckId("oms.ignore-paths");

    /** The model has the listed files with the listed content, and no others. */
    public static final CheckId FILES = new CheckId("oms.files");

    /** All of them, in order. */
    public static final List<CheckId> ALL =
            List.of(FORMAT, KEY, CHAIN, SIGNATURE, VERSION, STATEMENT, NAMES, ROOT, IGNORE_PATHS, FILES);

    private OmsChecks() {}
}
