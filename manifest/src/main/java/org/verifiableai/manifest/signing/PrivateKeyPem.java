package org.verifiableai.manifest.signing;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.pem.Pem;

/** Reads private keys: PKCS#8 (RFC 5958) and SEC 1 (RFC 5915). No message says anything of what a key holds. */
final class PrivateKeyPem {

    private static final String FIELD = "private key";
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112"); // RFC 8410, section 3
    private static final int MAX_SIZE = 16 << 10;
    private static final int ED25519_SIZE = 32;

    private PrivateKeyPem() {}

    static SigningKey read(Bytes pem) throws MalformedEvidenceException {
        if (pem.size() > MAX_SIZE) {
            throw wrong("at most " + MAX_SIZE + " bytes", pem.size() + " bytes");
        }
        List<Pem.Block> keys = Pem.blocks(FIELD, pem).stream()
                .filter(b -> b.label().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw wrong("PEM with one PRIVATE KEY", keys.isEmpty() ? "none" : keys.size() + " of them");
        }
        Pem.Block key = keys.get(0);
        if (key.label().startsWith("ENCRYPTED") || key.der().isEmpty()) {
            throw wrong("one that is not encrypted", "an encrypted one");
        }
        try {
            return switch (key.label()) {
                case "PRIVATE KEY" -> pkcs8(PrivateKeyInfo.getInstance(der(key.der())));
                case "EC PRIVATE KEY" -> sec1(ECPrivateKey.getInstance(der(key.der())), null);
                default -> throw wrong("PRIVATE KEY or EC PRIVATE KEY", key.label());
            };
        } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
            throw wrong("PKCS#8 or SEC 1 in DER", "something else");
        }
    }

    private static SigningKey pkcs8(PrivateKeyInfo info) throws MalformedEvidenceException {
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        ASN1Primitive inner = der(Bytes.of(info.getPrivateKey().getOctets()));
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return sec1(
                    ECPrivateKey.getInstance(inner),
                    info.getPrivateKeyAlgorithm().getParameters());
        }
        if (!algorithm.equals(ED25519)) {
            throw wrong("an elliptic-curve or Ed25519 key", algorithm.getId());
        }
        // RFC 8410, section 7: an OCTET STRING within the OCTET STRING, and no parameters.
        byte[] seed = ASN1OctetString.getInstance(inner).getOctets();
        if (seed.length != ED25519_SIZE || info.getPrivateKeyAlgorithm().getParameters() != null) {
            throw wrong("an Ed25519 key of 32 bytes without parameters", "another form");
        }
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed);
        Arrays.fill(seed, (byte) 0);
        ASN1BitString publicKey = info.getPublicKeyData();
        if (publicKey != null
                && !Arrays.equals(publicKey.getOctets(), key.generatePublicKey().getEncoded())) {
            throw otherHalf();
        }
        return SigningKey.ed25519(key);
    }

    private static SigningKey sec1(ECPrivateKey key, @Nullable ASN1Encodable outer) throws MalformedEvidenceException {
        ASN1Encodable own = key.getParametersObject();
        if (outer != null && own != null && !outer.equals(own)) {
            throw wrong("the same curve in both places", "two");
        }
        ASN1Encodable parameters = outer == null ? own : outer;
        if (!(parameters instanceof ASN1ObjectIdentifier name)) {
            throw wrong(
                    "a named curve", parameters == null || parameters.equals(DERNull.INSTANCE) ? "none" : "parameters");
        }
        Optional<Curve> known = Curve.of(name);
        if (known.isEmpty()) {
            throw wrong("P-256, P-384 or P-521", name.getId());
        }
        Curve curve = known.get();
        BigInteger scalar = key.getKey();
        if (scalar.signum() <= 0 || scalar.compareTo(curve.domain().getN()) >= 0) {
            throw wrong("a scalar within the group of " + curve, "one outside");
        }
        SigningKey read = SigningKey.ecdsa(curve, new ECPrivateKeyParameters(scalar, curve.domain()));
        ASN1BitString publicKey = key.getPublicKey();
        if (publicKey != null && !read.spki().equals(curve.spki(Bytes.of(publicKey.getOctets())))) {
            throw otherHalf();
        }
        return read;
    }

    private static ASN1Primitive der(Bytes bytes) throws MalformedEvidenceException {
        try {
            return ASN1Primitive.fromByteArray(bytes.toByteArray());
        } catch (IOException | RuntimeException e) {
            throw wrong("DER", "something else");
        }
    }

    private static MalformedEvidenceException otherHalf() {
        return wrong("the public key of the private one beside it", "another");
    }

    private static MalformedEvidenceException wrong(String expected, String found) {
        return JsonObject.wrong(FIELD, expected, found);
    }
}
