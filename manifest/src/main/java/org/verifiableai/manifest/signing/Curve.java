package org.verifiableai.manifest.signing;

import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.internal.Digests;

/** The curves of ECDSA, each with its one hash and the one head of its SubjectPublicKeyInfo (RFC 5480). */
enum Curve {
    P256(
            SignatureAlgorithm.ECDSA_P256_SHA256,
            "1.2.840.10045.3.1.7",
            32,
            "3059301306072a8648ce3d020106082a8648ce3d030107034200"),
    P384(SignatureAlgorithm.ECDSA_P384_SHA384, "1.3.132.0.34", 48, "3076301006072a8648ce3d020106052b81040022036200"),
    P521(
            SignatureAlgorithm.ECDSA_P521_SHA512,
            "1.3.132.0.35",
            66,
            "30819b301006072a8648ce3d020106052b8104002303818600");

    private final SignatureAlgorithm algorithm;
    private final String oid;
    private final int scalarSize;
    private final String head;

    Curve(SignatureAlgorithm algorithm, String oid, int scalarSize, String head) {
        this.algorithm = algorithm;
        this.oid = oid;
        this.scalarSize = scalarSize;
        this.head = head;
    }

    static Optional<Curve> of(ASN1ObjectIdentifier oid) {
        for (Curve curve : values()) {
            if (curve.oid.equals(oid.getId())) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    ECNamedDomainParameters domain() {
        return ECNamedDomainParameters.lookup(new ASN1ObjectIdentifier(oid));
    }

    int scalarSize() {
        return scalarSize;
    }

    /** The SubjectPublicKeyInfo of an uncompressed point. */
    Bytes spki(Bytes point) {
        return Bytes.fromHex(head).concat(point);
    }

    Bytes hash(Bytes message) {
        return switch (this) {
            case P256 -> message.sha256();
            case P384 -> message.sha384();
            case P521 -> Bytes.of(Digests.sha512().digest(message.toByteArray()));
        };
    }

    /** A fresh digest for the deterministic numbers of RFC 6979. */
    Digest digest() {
        return switch (this) {
            case P256 -> SHA256Digest.newInstance();
            case P384 -> new SHA384Digest();
            case P521 -> new SHA512Digest();
        };
    }
}
