package org.verifiableai.attestation;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchProviderException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/** An RSA key that verifies RSASSA-PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt. */
final class RsaPssKey implements VerificationKey {

    private static final int MIN_BITS = 2048;
    // Verification time grows with the square of the modulus: a hostile certificate must not choose it freely.
    private static final int MAX_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 32;
    private static final int MAX_SPKI_SIZE = 2048;

    static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, PSSParameterSpec.TRAILER_FIELD_BC);

    private final Bytes spki;
    private final RSAPublicKey key;

    private RsaPssKey(Bytes spki, RSAPublicKey key) {
        this.spki = spki;
        this.key = key;
    }

    static RsaPssKey decode(Bytes spki) throws MalformedEvidenceException {
        if (spki.size() > MAX_SPKI_SIZE) {
            throw malformed(spki.size() + " bytes");
        }
        try {
            byte[] der = spki.toByteArray();
            RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            int bits = key.getModulus().bitLength();
            if (bits < MIN_BITS || bits > MAX_BITS || key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS) {
                throw malformed("RSA of " + bits + " bits with exponent of "
                        + key.getPublicExponent().bitLength() + " bits");
            }
            if (!Bytes.of(key.getEncoded()).equals(spki)) {
                throw malformed("an encoding that is not canonical");
            }
            return new RsaPssKey(spki, key);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw malformed(spki.hex());
        }
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.RSASSA_PSS_SHA384;
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    /** How long its signatures are: as long as the modulus. */
    int signatureSize() {
        return (key.getModulus().bitLength() + 7) / 8;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        if (signature.size() != signatureSize()) {
            return false;
        }
        try {
            Signature verifier = verifier();
            verifier.setParameter(PSS);
            verifier.initVerify(key);
            verifier.update(message.toByteArray());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException e) {
            return false; // what the runtime throws at a value out of range
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no RSASSA-PSS with SHA-384", e);
        }
    }

    /** The runtime's own, whatever an application has put before it; its default where it has none of that name. */
    private static Signature verifier() throws GeneralSecurityException {
        try {
            return Signature.getInstance("RSASSA-PSS", "SunRsaSign");
        } catch (NoSuchProviderException noSuch) {
            return Signature.getInstance("RSASSA-PSS");
        }
    }

    private static MalformedEvidenceException malformed(String found) {
        return new MalformedEvidenceException(
                "subjectPublicKeyInfo",
                0,
                "P-256 or P-384 (named curve, uncompressed), Ed25519, or RSA of " + MIN_BITS + " to " + MAX_BITS
                        + " bits",
                found);
    }
}
