package org.verifiableai.manifest.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;

class PrivateKeyPemTest {

    private static final Bytes MESSAGE = Bytes.utf8("message");

    static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.startsWith("Ed") ? curve : "EC");
        if (!curve.startsWith("Ed")) {
            generator.initialize(new ECGenParameterSpec(curve));
        }
        return generator.generateKeyPair();
    }

    static Bytes pem(String label, byte[] der) {
        return Bytes.utf8(
                "-----BEGIN " + label + "-----\n" + Bytes.of(der).base64() + "\n-----END " + label + "-----\n");
    }

    private static byte[] sec1(KeyPair pair, ASN1Encodable parameters) throws Exception {
        byte[] point = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
        BigInteger scalar = ((ECPrivateKey) pair.getPrivate()).getS();
        int bits = ((ECPrivateKey) pair.getPrivate()).getParams().getOrder().bitLength();
        return new org.bouncycastle.asn1.sec.ECPrivateKey(bits, scalar, new DERBitString(point), parameters)
                .getEncoded();
    }

    private static void refused(Bytes pem, String expected) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SigningKey.parsePem(pem))
                .withMessageStartingWith("private key: expected ")
                .withMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "secp256r1, ECDSA_P256_SHA256",
        "secp384r1, ECDSA_P384_SHA384",
        "secp521r1, ECDSA_P521_SHA512",
        "Ed25519, ED25519"
    })
    void pkcs8IsRead(String curve, SignatureAlgorithm algorithm) throws Exception {
        KeyPair pair = pair(curve);
        SigningKey key = SigningKey.parsePem(Bytes.utf8("a key of mine\n")
                .concat(pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
        assertThat(key.algorithm()).isEqualTo(algorithm);
        assertThat(key.spki()).isEqualTo(Bytes.of(pair.getPublic().getEncoded()));
        assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"secp256r1, 1.2.840.10045.3.1.7", "secp384r1, 1.3.132.0.34", "secp521r1, 1.3.132.0.35"})
    void sec1IsReadWithTheBlockOfParametersThatOthersWriteBeforeIt(String curve, String oid) throws Exception {
        KeyPair pair = pair(curve);
        ASN1ObjectIdentifier name = new ASN1ObjectIdentifier(oid);
        SigningKey key = SigningKey.parsePem(
                pem("EC PARAMETERS", name.getEncoded()).concat(pem("EC PRIVATE KEY", sec1(pair, name))));
        assertThat(key.spki()).isEqualTo(Bytes.of(pair.getPublic().getEncoded()));
    }

    @Test
    void aPublicKeyOfAnotherIsRefused() throws Exception {
        KeyPair one = pair("secp256r1");
        KeyPair mixed = new KeyPair(pair("secp256r1").getPublic(), one.getPrivate());
        refused(
                pem("EC PRIVATE KEY", sec1(mixed, SECObjectIdentifiers.secp256r1)),
                "the public key of the private one");
    }

    @Test
    void anotherCurveOrNoneIsRefused() throws Exception {
        KeyPair pair = pair("secp256r1");
        refused(pem("EC PRIVATE KEY", sec1(pair, SECObjectIdentifiers.secp256k1)), "P-256, P-384 or P-521");
        refused(pem("EC PRIVATE KEY", sec1(pair, DERNull.INSTANCE)), "a named curve");
        PrivateKeyInfo info = new PrivateKeyInfo(
                PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded()).getPrivateKeyAlgorithm(),
                org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(sec1(pair, SECObjectIdentifiers.secp384r1)));
        refused(pem("PRIVATE KEY", info.getEncoded()), "the same curve in both places");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"})
    void aScalarOutsideOfTheGroupIsRefused(String scalar) throws Exception {
        byte[] der = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, new BigInteger(scalar, 16), null, SECObjectIdentifiers.secp256r1)
                .getEncoded();
        refused(pem("EC PRIVATE KEY", der), "a scalar within the group of P256");
    }

    @Test
    void encryptedKeysAreRefusedByName() throws Exception {
        refused(pem("ENCRYPTED PRIVATE KEY", new byte[] {0x30, 0}), "one that is not encrypted");
        refused(
                Bytes.utf8(
                        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----"),
                "one that is not encrypted");
    }

    @Test
    void whatIsNoSuchKeyIsRefused() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        refused(pem("PRIVATE KEY", rsa.getPrivate().getEncoded()), "an elliptic-curve or Ed25519 key");
        refused(pem("RSA PRIVATE KEY", new byte[] {0x30, 0}), "PRIVATE KEY or EC PRIVATE KEY");
        refused(Bytes.utf8("no key"), "PEM with one PRIVATE KEY");
        Bytes key = pem("PRIVATE KEY", pair("Ed25519").getPrivate().getEncoded());
        refused(key.concat(key), "2 of them");
        refused(key.slice(0, key.size() - 10), "PEM whose blocks end");
        refused(Bytes.utf8("-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----"), "base64");
        refused(pem("PRIVATE KEY", new byte[] {1, 2, 3}), "DER");
        refused(pem("PRIVATE KEY", new byte[] {0x30, 0}), "PKCS#8 or SEC 1");
        refused(Bytes.zeros((16 << 10) + 1), "at most 16384 bytes");
    }
}
