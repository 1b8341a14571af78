package org.verifiableai.attestation.snp.guest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Finds a key in the runtime data of an Azure paravisor, whose keys are JSON web keys (RFC 7517). */
final class HclRuntimeKeys {

    private static final String FIELD = "runtime data";
    private static final String ATTESTATION_KEY = "HCLAkPub";
    private static final int MAX_DEPTH = 8;
    private static final int MAX_TEXT = 8 * 1024;
    private static final int MIN_MODULUS = 2048;
    private static final int MAX_MODULUS = 4096;
    private static final int MAX_EXPONENT = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(AzureHclReport.MAX_SIZE)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .build())
            .build();

    private HclRuntimeKeys() {}

    static Bytes attestationKey(Bytes runtimeData) throws MalformedEvidenceException {
        Map<String, String> found = null;
        try (JsonParser in = JSON.createParser(runtimeData.toByteArray())) {
            require(in.nextToken(), JsonToken.START_OBJECT, "an object");
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken value = in.nextToken();
                if (name.equals("keys")) {
                    require(value, JsonToken.START_ARRAY, "keys as an array");
                    found = find(in);
                } else {
                    in.skipChildren();
                }
            }
            if (in.nextToken() != null) {
                throw malformed("the end of the document", "more");
            }
        } catch (IOException e) {
            throw malformed(
                    "JSON",
                    e instanceof JsonProcessingException json
                            ? json.getOriginalMessage()
                            : String.valueOf(e.getMessage()));
        }
        if (found == null) {
            throw malformed("a key " + ATTESTATION_KEY, "none");
        }
        return spki(found);
    }

    /** The text members of the one key of this name. */
    private static @Nullable Map<String, String> find(JsonParser in) throws IOException, MalformedEvidenceException {
        Map<String, String> found = null;
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            require(next, JsonToken.START_OBJECT, "an object for each key");
            Map<String, String> key = new HashMap<>();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                if (in.nextToken() == JsonToken.VALUE_STRING) {
                    key.put(name, in.getText());
                } else {
                    in.skipChildren();
                }
            }
            if (ATTESTATION_KEY.equals(key.get("kid"))) {
                if (found != null) {
                    throw malformed("one key " + ATTESTATION_KEY, "another");
                }
                found = key;
            }
        }
        return found;
    }

    private static Bytes spki(Map<String, String> key) throws MalformedEvidenceException {
        if (!"RSA".equals(key.get("kty"))) {
            throw malformed("RSA as kty of " + ATTESTATION_KEY, String.valueOf(key.get("kty")));
        }
        BigInteger modulus = number(key, "n");
        BigInteger exponent = number(key, "e");
        if (modulus.bitLength() < MIN_MODULUS || modulus.bitLength() > MAX_MODULUS || !modulus.testBit(0)) {
            throw malformed(
                    "an odd n of " + MIN_MODULUS + " to " + MAX_MODULUS + " bits", modulus.bitLength() + " bits");
        }
        if (exponent.compareTo(BigInteger.TWO) <= 0 || exponent.bitLength() > MAX_EXPONENT || !exponent.testBit(0)) {
            throw malformed("an odd e above 2 of " + MAX_EXPONENT + " bits at most", exponent.toString(16));
        }
        try {
            return Bytes.of(new SubjectPublicKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            new RSAPublicKey(modulus, exponent))
                    .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException("encoding to memory failed", e);
        }
    }

    /** A Base64urlUInt (RFC 7518, section 2): big-endian, unpadded. */
    private static BigInteger number(Map<String, String> key, String name) throws MalformedEvidenceException {
        String text = String.valueOf(key.get(name));
        try {
            byte[] value = Base64.getUrlDecoder().decode(text);
            if (key.containsKey(name)
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(value)
                            .equals(text)) {
                return new BigInteger(1, value);
            }
        } catch (IllegalArgumentException e) {
            // Said below, where the text is named.
        }
        throw malformed("base64url without padding as " + name + " of " + ATTESTATION_KEY, text);
    }

    private static void require(@Nullable JsonToken found, JsonToken expected, String what)
            throws MalformedEvidenceException {
        if (found != expected) {
            throw malformed(what, String.valueOf(found));
        }
    }

    private static MalformedEvidenceException malformed(String expected, String found) {
        return new MalformedEvidenceException(FIELD, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
