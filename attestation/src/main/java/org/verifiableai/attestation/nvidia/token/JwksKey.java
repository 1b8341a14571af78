package org.verifiableai.attestation.nvidia.token;

import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * One key of a key set (RFC 7517): a public key on P-384, as read.
 *
 * @param id {@code kid}
 * @param x the first coordinate, 48 bytes, big-endian
 * @param y the second coordinate, 48 bytes, big-endian
 * @param certificates {@code x5c}: DER, that of the key first, each vouched for by the next; empty if there are none
 */
public record JwksKey(String id, Bytes x, Bytes y, List<Bytes> certificates) {

    /** How long a coordinate is, in bytes. */
    public static final int COORDINATE_SIZE = 48;

    // RFC 5480: the key on P-384 as a SubjectPublicKeyInfo, up to its coordinates.
    private static final Bytes SPKI_HEAD = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");

    /**
     * Copies {@code certificates}.
     *
     * @throws IllegalArgumentException if a coordinate is not of 48 bytes, or {@code id} is empty
     */
    public JwksKey {
        Objects.requireNonNull(id, "id");
        if (id.isEmpty() || x.size() != COORDINATE_SIZE || y.size() != COORDINATE_SIZE) {
            throw new IllegalArgumentException("key must have an id and coordinates of 48 bytes, found "
                    + (id.isEmpty() ? "no id" : x.size() + " and " + y.size() + " bytes"));
        }
        certificates = List.copyOf(certificates);
    }

    /** The key as a DER SubjectPublicKeyInfo; whether it is a point on the curve, nobody has looked. */
    public Bytes spki() {
        return SPKI_HEAD.concat(x, y);
    }
}
