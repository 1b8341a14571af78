package org.verifiableai.attestation;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.verifiableai.attestation.internal.Digests;

/** An ECDSA key on P-256, P-384 or P-521. Bouncy Castle keeps precomputed points with the key, so a kept key is twice as fast. */
final class EcdsaKey implements VerificationKey {

    private final SignatureAlgorithm algorithm;
    private final Bytes spki;
    private final ECPublicKeyParameters key;
    private final int scalarSize;

    private EcdsaKey(SignatureAlgorithm algorithm, Bytes spki, ECPublicKeyParameters key, int scalarSize) {
        this.algorithm = algorithm;
        this.spki = spki;
        this.key = key;
        this.scalarSize = scalarSize;
    }

    /** Reads the coordinates that follow the 0x04 of an uncompressed point (SEC 1, section 2.3.4). */
    static EcdsaKey decode(SignatureAlgorithm algorithm, ASN1ObjectIdentifier curve, Bytes spki, int pointOffset)
            throws MalformedEvidenceException {
        ECNamedDomainParameters domain = ECNamedDomainParameters.lookup(curve);
        int scalarSize = (spki.size() - pointOffset) / 2;
        BigInteger x = unsigned(spki.slice(pointOffset, pointOffset + scalarSize));
        BigInteger y = unsigned(spki.slice(pointOffset + scalarSize, spki.size()));
        try {
            return new EcdsaKey(
                    algorithm,
                    spki,
                    // Both the coordinates' range and the curve's equation are checked here.
                    new ECPublicKeyParameters(domain.getCurve().validatePoint(x, y), domain),
                    scalarSize);
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException(
                    "subjectPublicKey", pointOffset, "a point on the curve of " + algorithm, spki.hex());
        }
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    /** How long its signatures are: r and s. */
    int signatureSize() {
        return 2 * scalarSize;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        if (signature.size() != signatureSize()) {
            return false;
        }
        BigInteger r = unsigned(signature.slice(0, scalarSize));
        BigInteger s = unsigned(signature.slice(scalarSize, signature.size()));
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        // Refuses r and s of 0 and of the group order or above.
        return verifier.verifySignature(hash(message).toByteArray(), r, s);
    }

    private Bytes hash(Bytes message) {
        return switch (algorithm) {
            case ECDSA_P521_SHA512 -> Bytes.of(Digests.sha512().digest(message.toByteArray()));
            case ECDSA_P384_SHA384 -> message.sha384();
            default -> message.sha256();
        };
    }

    private static BigInteger unsigned(Bytes bigEndian) {
        return new BigInteger(1, bigEndian.toByteArray());
    }
}
