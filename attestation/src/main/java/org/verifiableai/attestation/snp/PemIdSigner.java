package org.verifiableai.attestation.snp;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Pem;

/** Signs with a private key that was read from a file. */
final class PemIdSigner implements IdSigner {

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";

    private final ECPrivateKeyParameters privateKey;
    private final Bytes publicKey;

    private PemIdSigner(ECPrivateKeyParameters privateKey) {
        this.privateKey = privateKey;
        ECPoint point = new FixedPointCombMultiplier()
                .multiply(IdKeys.P384.getG(), privateKey.getD())
                .normalize();
        this.publicKey = IdKeys.spki(
                Bytes.of(point.getAffineXCoord().getEncoded()),
                Bytes.of(point.getAffineYCoord().getEncoded()));
    }

    static PemIdSigner of(Bytes pem) {
        boolean sec1 =
                new String(pem.toByteArray(), StandardCharsets.ISO_8859_1).contains("-----BEGIN " + SEC1 + "-----");
        try {
            Bytes der = Pem.single("id key", sec1 ? SEC1 : PKCS8, pem);
            return new PemIdSigner(sec1 ? ofSec1(der) : ofPkcs8(der));
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(true, privateKey);
        BigInteger[] rs = signer.generateSignature(message.sha384().toByteArray());
        return IdKeys.scalar(rs[0]).concat(IdKeys.scalar(rs[1]));
    }

    private static ECPrivateKeyParameters ofPkcs8(Bytes der) {
        try {
            AsymmetricKeyParameter key = PrivateKeyFactory.createKey(der.toByteArray());
            if (key instanceof ECPrivateKeyParameters ec && ec.getParameters().equals(IdKeys.P384)) {
                return ec;
            }
        } catch (IOException | RuntimeException e) {
            throw notOnP384();
        }
        throw notOnP384();
    }

    private static ECPrivateKeyParameters ofSec1(Bytes der) {
        try {
            ECPrivateKey key = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(der.toByteArray()));
            if (IdKeys.P384_OID.equals(key.getParametersObject())) {
                return new ECPrivateKeyParameters(key.getKey(), IdKeys.P384);
            }
        } catch (IOException | RuntimeException e) {
            throw notOnP384();
        }
        throw notOnP384();
    }

    /** Without the cause, whose text could quote the key. */
    private static IllegalArgumentException notOnP384() {
        return new IllegalArgumentException(
                "id key must be a private key on P-384 as named curve, found something else");
    }
}
