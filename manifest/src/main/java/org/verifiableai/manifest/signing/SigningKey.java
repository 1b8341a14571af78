package org.verifiableai.manifest.signing;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

/**
 * A private key for manifests and models: it can be made or read in and used, and there is no way to read it out.
 * Thread-safe.
 *
 * <p>ECDSA is deterministic (RFC 6979). A guest whose memory is rolled back to a snapshot would otherwise draw the same
 * random number for two messages, and two such signatures give the key away.
 */
public final class SigningKey {

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
     * @param algorithm ECDSA on P-384, P-256 or P-521, or Ed25519; manifests of ours are not signed on P-521
     * @param random where the private key comes from
     * @throws IllegalArgumentException if {@code algorithm} is another
     */
    public static SigningKey generate(SignatureAlgorithm algorithm, SecureRandom random) {
        return switch (algorithm) {
            case ECDSA_P521_SHA512 -> ecdsa(Curve.P521, random);
            case ECDSA_P384_SHA384 -> ecdsa(Curve.P384, random);
            case ECDSA_P256_SHA256 -> ecdsa(Curve.P256, random);
            case ED25519 -> ed25519(new Ed25519PrivateKeyParameters(random));
            case RSASSA_PSS_SHA384 -> throw new IllegalArgumentException("manifests are not signed with " + algorithm);
        };
    }

    /**
     * Reads a key that lies somewhere as a file: one unencrypted {@code PRIVATE KEY} (PKCS#8) or {@code EC PRIVATE KEY} (SEC
     * 1), on P-256, P-384 or P-521, or Ed25519. A public key beside it has to be its own.
     *
     * @param pem PEM text of at most 16 KiB, with whatever stands around the key
     * @throws MalformedEvidenceException if {@code pem} is anything else; the message says nothing of what a key holds
     */
    public static SigningKey parsePem(Bytes pem) throws MalformedEvidenceException {
        return PrivateKeyPem.read(pem);
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

    private static SigningKey ecdsa(Curve curve, SecureRandom random) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(curve.domain(), random));
        return ecdsa(curve, (ECPrivateKeyParameters) generator.generateKeyPair().getPrivate());
    }

    static SigningKey ecdsa(Curve curve, ECPrivateKeyParameters key) {
        byte[] point = new FixedPointCombMultiplier()
                .multiply(curve.domain().getG(), key.getD())
                .normalize()
                .getEncoded(false);
        return new SigningKey(curve.spki(Bytes.of(point)), message -> signEcdsa(curve, key, message));
    }

    private static Bytes signEcdsa(Curve curve, ECPrivateKeyParameters key, Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(curve.digest()));
        signer.init(true, key);
        BigInteger[] rs = signer.generateSignature(curve.hash(message).toByteArray());
        return unsigned(rs[0], curve.scalarSize()).concat(unsigned(rs[1], curve.scalarSize()));
    }

    static SigningKey ed25519(Ed25519PrivateKeyParameters key) {
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
