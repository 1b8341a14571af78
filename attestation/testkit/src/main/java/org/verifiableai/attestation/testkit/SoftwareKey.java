package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.verifiableai.attestation.Bytes;

/** A key pair on P-384 that lives in this process only. */
final class SoftwareKey {

    private static final int SCALAR_SIZE = 48;

    private final ECPrivateKeyParameters privateKey;
    private final SubjectPublicKeyInfo spki;

    private SoftwareKey(ECPrivateKeyParameters privateKey, SubjectPublicKeyInfo spki) {
        this.privateKey = privateKey;
        this.spki = spki;
    }

    static SoftwareKey generate() {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(
                ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp384r1), new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        try {
            return new SoftwareKey(
                    (ECPrivateKeyParameters) pair.getPrivate(),
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SubjectPublicKeyInfo spki() {
        return spki;
    }

    Bytes spkiDer() {
        try {
            return Bytes.of(spki.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ECDSA with SHA-384: r and s, 48 bytes each, big-endian. */
    Bytes sign(Bytes message) {
        return sign(message, "SHA-384");
    }

    /** ECDSA with a hash that has this name in Java, be it one that nobody should use: r and s, 48 bytes each, big-endian. */
    Bytes sign(Bytes message, String hash) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(true, privateKey);
        BigInteger[] rs = signer.generateSignature(digest(hash, message));
        return fixed(rs[0]).concat(fixed(rs[1]));
    }

    /** A hash that has this name in Java. */
    static byte[] digest(String hash, Bytes message) {
        try {
            return MessageDigest.getInstance(hash).digest(message.toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Signs certificates. */
    ContentSigner contentSigner() {
        try {
            return new BcECContentSignerBuilder(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384),
                            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384))
                    .build(privateKey);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("no signer for P-384", e);
        }
    }

    private static Bytes fixed(BigInteger scalar) {
        byte[] minimal = scalar.toByteArray();
        int sign = minimal.length > SCALAR_SIZE ? 1 : 0;
        int size = minimal.length - sign;
        return Bytes.zeros(SCALAR_SIZE - size).concat(Bytes.of(minimal, sign, size));
    }
}
