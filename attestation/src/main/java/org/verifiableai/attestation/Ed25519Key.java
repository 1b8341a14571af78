package org.verifiableai.attestation;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An Ed25519 key (RFC 8032). */
final class Ed25519Key implements VerificationKey {

    static final int SIGNATURE_SIZE = 64;

    private final Bytes spki;
    private final Ed25519PublicKeyParameters key;

    private Ed25519Key(Bytes spki, Ed25519PublicKeyParameters key) {
        this.spki = spki;
        this.key = key;
    }

    static Ed25519Key decode(Bytes spki, int keyOffset) throws MalformedEvidenceException {
        try {
            return new Ed25519Key(spki, new Ed25519PublicKeyParameters(spki.toByteArray(), keyOffset));
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException("subjectPublicKey", keyOffset, "a point on Ed25519", spki.hex());
        }
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        if (signature.size() != SIGNATURE_SIZE) {
            return false;
        }
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, key);
        byte[] signed = message.toByteArray();
        verifier.update(signed, 0, signed.length);
        return verifier.verifySignature(signature.toByteArray());
    }
}
