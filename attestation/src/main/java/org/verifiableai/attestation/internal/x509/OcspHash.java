package org.verifiableai.attestation.internal.x509;

import java.security.MessageDigest;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Digests;

/**
 * The hashes by which a CertID names an issuer (RFC 6960, section 4.1.1). They name it and prove nothing: SHA-1 is as good
 * as any, since an answer that names another issuer is signed by another.
 */
public enum OcspHash {
    /** What most responders and clients use. */
    SHA1("1.3.14.3.2.26", 20),
    /** Seldom used. */
    SHA256("2.16.840.1.101.3.4.2.1", 32),
    /** What NVIDIA's tools ask with. */
    SHA384("2.16.840.1.101.3.4.2.2", 48);

    private final String oid;
    private final int size;

    OcspHash(String oid, int size) {
        this.oid = oid;
        this.size = size;
    }

    /** The hash with this dotted identifier. */
    static Optional<OcspHash> ofOid(String oid) {
        for (OcspHash hash : values()) {
            if (hash.oid.equals(oid)) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** Its dotted identifier. */
    public String oid() {
        return oid;
    }

    /** The size of a hash, in bytes. */
    public int size() {
        return size;
    }

    Bytes of(Bytes content) {
        MessageDigest digest = switch (this) {
            case SHA1 -> Digests.sha1();
            case SHA256 -> Digests.sha256();
            case SHA384 -> Digests.sha384();
        };
        return Bytes.of(digest.digest(content.toByteArray()));
    }
}
