package org.verifiableai.attestation.nvidia;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * One authority that vouches for devices, or for the signers of reference values, as values.
 *
 * @param subject its name, for people; nothing is decided on it
 * @param serial serial number of its certificate, lower-case hex, for people
 * @param certificateSha256 SHA-256 of its DER certificate, 32 bytes; the last certificate of a chain must have it
 * @param spki its DER SubjectPublicKeyInfo; the certificate before the last must be signed by this key
 */
public record NvidiaTrustAnchor(String subject, String serial, Bytes certificateSha256, Bytes spki) {

    private static final int SHA256_SIZE = 32;

    /**
     * Checks the values' form.
     *
     * @throws IllegalArgumentException if the digest is not of 32 bytes or the key is empty
     */
    public NvidiaTrustAnchor {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(serial, "serial");
        if (certificateSha256.size() != SHA256_SIZE) {
            throw new IllegalArgumentException(
                    "certificate digest must be of " + SHA256_SIZE + " bytes, found " + certificateSha256.size());
        }
        if (spki.isEmpty()) {
            throw new IllegalArgumentException("public key of " + subject + " must not be empty");
        }
    }
}
