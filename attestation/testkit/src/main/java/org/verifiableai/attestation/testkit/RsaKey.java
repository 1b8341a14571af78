package org.verifiableai.attestation.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.ContentSigner;
import org.verifiableai.attestation.Bytes;

/** An RSA key pair that signs as AMD's authorities do: RSASSA-PSS with SHA-384 and 48 bytes of salt. */
final class RsaKey {

    private static final int BITS = 4096;
    private static final int SALT_LENGTH = 48;

    private static final AlgorithmIdentifier SHA384 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384);
    private static final AlgorithmIdentifier PSS = new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSASSA_PSS,
            new RSASSAPSSparams(
                    SHA384,
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, SHA384),
                    new ASN1Integer(SALT_LENGTH),
                    new ASN1Integer(1)));

    private final KeyPair pair;

    private RsaKey(KeyPair pair) {
        this.pair = pair;
    }

    /** A new key; takes about a second. */
    static RsaKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new RsaKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime makes no RSA keys of " + BITS + " bits", e);
        }
    }

    SubjectPublicKeyInfo spki() {
        return SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    }

    Bytes spkiDer() {
        return Bytes.of(pair.getPublic().getEncoded());
    }

    /** Signs certificates and revocation lists. */
    ContentSigner contentSigner() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        return new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return PSS;
            }

            @Override
            public OutputStream getOutputStream() {
                return content;
            }

            @Override
            public byte[] getSignature() {
                return sign(content.toByteArray());
            }
        };
    }

    private byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("RSASSA-PSS");
            signer.setParameter(new PSSParameterSpec(
                    "SHA-384", "MGF1", MGF1ParameterSpec.SHA384, SALT_LENGTH, PSSParameterSpec.TRAILER_FIELD_BC));
            signer.initSign(pair.getPrivate());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime signs no RSASSA-PSS with SHA-384", e);
        }
    }
}
