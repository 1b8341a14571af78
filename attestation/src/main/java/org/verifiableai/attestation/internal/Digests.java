package org.verifiableai.attestation.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;

/**
 * Fresh message digests of the Java runtime. An application may have put another provider first whose hashes are many
 * times slower, so the runtime's own is asked for by name; a runtime without a provider of that name gives its default.
 */
public final class Digests {

    private static final String RUNTIME_PROVIDER = "SUN";

    private Digests() {}

    /** A SHA-1 digest (FIPS 180-4): for names of things that are signed otherwise, and nothing else. */
    public static MessageDigest sha1() {
        return digest("SHA-1");
    }

    /** A SHA-256 digest (FIPS 180-4). */
    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    /** A SHA-384 digest (FIPS 180-4). */
    public static MessageDigest sha384() {
        return digest("SHA-384");
    }

    /** A SHA-512 digest (FIPS 180-4). */
    public static MessageDigest sha512() {
        return digest("SHA-512");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm, RUNTIME_PROVIDER);
        } catch (NoSuchProviderException | NoSuchAlgorithmException noSuch) {
            return anyDigest(algorithm);
        }
    }

    private static MessageDigest anyDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, e);
        }
    }
}
