package org.verifiableai.manifest.signing;

import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
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
            SECObjectIdentifiers.secp256r1,
            32,
            "3059301306072a8648ce3d020106082a8648ce3d030107034200"),
    P384(
            SignatureAlgorithm.ECDSA_P384_SHA384,
            SECObjectIdentifiers.secp384r1,
            48,
            "3076301006072a8648ce3d020106052b81040022036200"),
    P521(
            SignatureAlgorithm.ECDSA_P521_SHA512,
            SECObjectIdentifiers.secp521r1,
            66,
            "30819b301006072a8648ce3d020106052b8104002303818600");

    private final SignatureAlgorithm algorithm;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, and its library does not say so
    private final ASN1ObjectIdentifier oid;

    private final int scalarSize;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, as its documentation says
    private final Bytes head;

    Curve(SignatureAlgorithm algorithm, ASN1ObjectIdentifier oid, int scalarSize, String head) {
        this.algorithm = algorithm;
        this.oid = oid;
        this.scalarSize = scalarSize;
        this.head = Bytes.fromHex(head);
    }

    static Optional<Curve> of(ASN1ObjectIdentifier oid) {
        for (Curve curve : values()) {
            if (curve.oid.equals(oid)) {
                return Optional.of(curve);
            }
        }
        return Optional.empty();
    }

    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    ECNamedDomainParameters domain() {
        return ECNamedDomainParameters.lookup(oid);
    }

    int scalarSize() {
        return scalarSize;
    }

    /** The SubjectPublicKeyInfo of an uncompressed point. */
    Bytes spki(Bytes point) {
        return head.concat(point);
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
