package org.verifiableai.attestation.testkit;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** Signs tokens in the compact form of RFC 7515. Immutable. */
final class TokenSigner {

    private final Map<String, @Nullable Object> header;
    private final UnaryOperator<Bytes> signature;

    TokenSigner(Map<String, @Nullable Object> header, UnaryOperator<Bytes> signature) {
        this.header = new LinkedHashMap<>(header);
        this.signature = signature;
    }

    /** As the attestation service does: the header names the key, and has no type. */
    static TokenSigner es384(SoftwareKey key, String keyId) {
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("kid", keyId);
        header.put("alg", "ES384");
        return new TokenSigner(header, key::sign);
    }

    /** With a shared secret. */
    static TokenSigner hs256(Bytes secret) {
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", "HS256");
        header.put("typ", "JWT");
        return new TokenSigner(header, message -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret.toByteArray(), "HmacSHA256"));
                return Bytes.of(mac.doFinal(message.toByteArray()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime has no HMAC with SHA-256", e);
            }
        });
    }

    /** Not at all. */
    static TokenSigner none() {
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", "none");
        header.put("typ", "JWT");
        return new TokenSigner(header, message -> Bytes.EMPTY);
    }

    /** The same key under a header that differs in one member. */
    TokenSigner withHeader(String name, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(header);
        changed.put(name, value);
        return new TokenSigner(changed, signature);
    }

    /** The same key under a header without a member. */
    TokenSigner withoutHeader(String name) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(header);
        changed.remove(name);
        return new TokenSigner(changed, signature);
    }

    /** The same header over signatures that have been tampered with. */
    TokenSigner withSignature(UnaryOperator<Bytes> change) {
        return new TokenSigner(header, message -> change.apply(signature.apply(message)));
    }

    String sign(String claims) {
        String input = base64(Bytes.utf8(JsonText.compact(header))) + "." + base64(Bytes.utf8(claims));
        return input + "." + base64(signature.apply(Bytes.utf8(input)));
    }

    static String base64(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
