package org.verifiableai.manifest.signing;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

/**
 * A private key for manifests that lives in memory alone: it can be made and used, and there is no way to read it out.
 * Thread-safe.
 *
 * <p>ECDSA is deterministic (RFC 6979). A guest whose memory is rolled back to a snapshot would otherwise draw the same
 * random number for two messages, and two such signatures give the key away.
 */
public final class SigningKey {

    private static final Bytes P256_HEAD = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    private static final Bytes P384_HEAD = Bytes.fromHex("3076301006072a8648ce3d020106052b81040022036200");
    private static final Bytes ED25519_HEAD = Bytes.fromHex("302a300506032b6570032100");

    private final VerificationKey publicKey;
    private final Signer signer;

    private SigningKey(Bytes spki, Signer signer) {
        try {
            this.publicKey = SignatureEngine.standard().key(spki);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("a key that was just made cannot be read", e);
        }
        this.signer = signer;
    }

    /** Makes a P-384 key, of the same strength as the report that vouches for it, from the runtime's random source. */
    public static SigningKey generate() {
        return generate(SignatureAlgorithm.ECDSA_P384_SHA384, new SecureRandom());
    }

    /**
     * Makes a key.
     *
     * @param algorithm ECDSA on P-384 or P-256, or Ed25519
     * @param random where the private key comes from
     * @throws IllegalArgumentException if {@code algorithm} is another
     */
    public static SigningKey generate(SignatureAlgorithm algorithm, SecureRandom random) {
        return switch (algorithm) {
            case ECDSA_P384_SHA384 -> ecdsa(algorithm, SECObjectIdentifiers.secp384r1, P384_HEAD, random);
            case ECDSA_P256_SHA256 -> ecdsa(algorithm, SECObjectIdentifiers.secp256r1, P256_HEAD, random);
            case ED25519 -> ed25519(random);
            case RSASSA_PSS_SHA384 -> throw new IllegalArgumentException("manifests are not signed with " + algorithm);
        };
    }

    /** The algorithm that this key signs with. */
    public SignatureAlgorithm algorithm() {
        return publicKey.algorithm();
    }

    /** The public key as a DER SubjectPublicKeyInfo. */
    public Bytes spki() {
        return publicKey.spki();
    }

    /** The public key, ready to verify with. */
    public VerificationKey publicKey() {
        return publicKey;
    }

    /** Signs {@code message}; the signature is in the encoding of {@link #algorithm()}. */
    public Bytes sign(Bytes message) {
        return signer.sign(message);
    }

    /** The algorithm and the public key; never the private key. */
    @Override
    public String toString() {
        return "SigningKey[" + algorithm() + " " + spki() + "]";
    }

    private static SigningKey ecdsa(
            SignatureAlgorithm algorithm, ASN1ObjectIdentifier curve, Bytes head, SecureRandom random) {
        ECNamedDomainParameters domain = ECNamedDomainParameters.lookup(curve);
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(domain, random));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        ECPrivateKeyParameters privateKey = (ECPrivateKeyParameters) pair.getPrivate();
        byte[] point = ((ECPublicKeyParameters) pair.getPublic()).getQ().getEncoded(false);
        return new SigningKey(head.concat(Bytes.of(point)), message -> signEcdsa(algorithm, privateKey, message));
    }

    private static Bytes signEcdsa(SignatureAlgorithm algorithm, ECPrivateKeyParameters key, Bytes message) {
        boolean p384 = algorithm == SignatureAlgorithm.ECDSA_P384_SHA384;
        Bytes hash = p384 ? message.sha384() : message.sha256();
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(p384 ? new SHA384Digest() : new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] rs = signer.generateSignature(hash.toByteArray());
        int size = p384 ? 48 : 32;
        return unsigned(rs[0], size).concat(unsigned(rs[1], size));
    }

    private static SigningKey ed25519(SecureRandom random) {
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(random);
        Bytes spki = ED25519_HEAD.concat(Bytes.of(key.generatePublicKey().getEncoded()));
        return new SigningKey(spki, message -> {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            byte[] bytes = message.toByteArray();
            signer.update(bytes, 0, bytes.length);
            return Bytes.of(signer.generateSignature());
        });
    }

    private static Bytes unsigned(BigInteger value, int size) {
        byte[] bytes = value.toByteArray();
        int skip = Math.max(0, bytes.length - size);
        byte[] padded = new byte[size];
        System.arraycopy(bytes, skip, padded, size - (bytes.length - skip), bytes.length - skip);
        Arrays.fill(bytes, (byte) 0);
        return Bytes.of(padded);
    }

    @FunctionalInterface
    private interface Signer {
        Bytes sign(Bytes message);
    }
}
