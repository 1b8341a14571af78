package org.verifiableai.attestation;

import org.bouncycastle.asn1.sec.SECObjectIdentifiers;

/**
 * Elliptic curves through Bouncy Castle's lightweight API, RSA through the Java runtime. The runtime's own P-384 is about
 * ten times slower on Java 17, so no elliptic-curve key ever reaches it.
 */
final class BouncyCastleEngine implements SignatureEngine {

    static final BouncyCastleEngine INSTANCE = new BouncyCastleEngine();

    // A SubjectPublicKeyInfo with a named curve and an uncompressed point has one length and one head (RFC 5480), and
    // so has
    // Ed25519 (RFC 8410). Comparing the head refuses compressed points, explicit parameters and lengths in another
    // form.
    private static final Bytes P256_HEAD = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private static final Bytes P384_HEAD = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");
    private static final Bytes P521_HEAD = Bytes.fromHex("30819b301006072a8648ce3d020106052b810400230381860004");
    private static final Bytes ED25519_HEAD = Bytes.fromHex("302a300506032b6570032100");

    private BouncyCastleEngine() {}

    @Override
    public String name() {
        return "bouncy-castle";
    }

    @Override
    public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
        if (hasForm(spki, P256_HEAD, 64)) {
            return EcdsaKey.decode(
                    SignatureAlgorithm.ECDSA_P256_SHA256, SECObjectIdentifiers.secp256r1, spki, P256_HEAD.size());
        }
        if (hasForm(spki, P384_HEAD, 96)) {
            return EcdsaKey.decode(
                    SignatureAlgorithm.ECDSA_P384_SHA384, SECObjectIdentifiers.secp384r1, spki, P384_HEAD.size());
        }
        if (hasForm(spki, P521_HEAD, 132)) {
            return EcdsaKey.decode(
                    SignatureAlgorithm.ECDSA_P521_SHA512, SECObjectIdentifiers.secp521r1, spki, P521_HEAD.size());
        }
        if (hasForm(spki, ED25519_HEAD, 32)) {
            return Ed25519Key.decode(spki, ED25519_HEAD.size());
        }
        return RsaPssKey.decode(spki);
    }

    private static boolean hasForm(Bytes spki, Bytes head, int keySize) {
        return spki.size() == head.size() + keySize
                && spki.slice(0, head.size()).equals(head);
    }
}
