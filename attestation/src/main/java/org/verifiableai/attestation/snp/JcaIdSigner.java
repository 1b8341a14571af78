package org.verifiableai.attestation.snp;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Der;

/** Signs through whichever provider of the runtime takes the private key. */
final class JcaIdSigner implements IdSigner {

    // The form with DER around r and s is the one that every provider has, those of tokens too.
    private static final String ALGORITHM = "SHA384withECDSA";

    private final PrivateKey privateKey;
    private final Bytes publicKey;

    private JcaIdSigner(PrivateKey privateKey, Bytes publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    static JcaIdSigner of(KeyPair keys) {
        byte[] encoded = keys.getPublic() == null ? null : keys.getPublic().getEncoded();
        if (encoded == null || keys.getPrivate() == null) {
            throw new IllegalArgumentException("id key must have a private and a public half, found one at most");
        }
        Bytes spki = Bytes.of(encoded);
        try {
            IdKeys.requireP384("id key", spki);
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new JcaIdSigner(keys.getPrivate(), spki);
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(privateKey);
        signature.update(message.toByteArray());
        try {
            Der whole = Der.of(Bytes.of(signature.sign()));
            Der rs = whole.enter("Ecdsa-Sig-Value", Der.SEQUENCE);
            whole.end("Ecdsa-Sig-Value");
            BigInteger r = rs.integer("r");
            BigInteger s = rs.integer("s");
            rs.end("Ecdsa-Sig-Value");
            return IdKeys.scalar(r).concat(IdKeys.scalar(s));
        } catch (MalformedEvidenceException e) {
            throw new SignatureException("provider gave no ECDSA signature: " + e.getMessage(), e);
        }
    }
}
