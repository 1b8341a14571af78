package org.verifiableai.attestation.nvidia.token;

import java.util.Base64;
import org.verifiableai.attestation.Bytes;

/** Puts tokens together without signing them, and key sets without keys. */
final class Tokens {

    static final String HEADER = "{\"kid\":\"a-key\",\"alg\":\"ES384\"}";
    static final String OVERALL = """
            {"sub":"NVIDIA-PLATFORM-ATTESTATION","x-nvidia-ver":"2.0","iss":"https://nras.attestation.nvidia.com",
            "nbf":1,"iat":1,"exp":3601,"x-nvidia-overall-att-result":true,"eat_nonce":"%s","submods":
            {"GPU-0":["DIGEST",["SHA-256","%s"]]}}
            """.formatted("11".repeat(32), "22".repeat(32));
    static final String DEVICE = """
            {"iss":"https://nras.attestation.nvidia.com","iat":1,"exp":3601,"measres":"success","secboot":true,
            "dbgstat":"disabled","ueid":"1","hwmodel":"GH100","oemid":null,"x-nvidia-gpu-arch-check":true,
            "x-nvidia-gpu-driver-rim-cert-chain":{"x-nvidia-cert-status":"valid","x-nvidia-cert-ocsp-status":"good",
            "x-nvidia-cert-expiration-date":"2026-06-01T02:08:29","x-nvidia-cert-revocation-reason":null}}
            """;
    static final String ERROR = """
            {"iss":"a","iat":1,"exp":2,"x-nvidia-error-details":{"code":4010,"message":"NONCE_NOT_MATCHING",
            "description":"Nonce differs "}}
            """;

    private Tokens() {}

    static String compact(String header, String claims, Bytes signature) {
        return base64(Bytes.utf8(header)) + "." + base64(Bytes.utf8(claims)) + "." + base64(signature);
    }

    static String bundle(String device) {
        return "[[\"JWT\",\"" + compact(HEADER, OVERALL, Bytes.zeros(96)) + "\"],{\"GPU-0\":\""
                + compact(HEADER, device, Bytes.zeros(96)) + "\"}]";
    }

    static String wrapper() {
        String local = compact("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"x-nv-err-code\":1}", Bytes.zeros(32));
        return "[[\"JWT\",\"" + local + "\"],{\"REMOTE_GPU_CLAIMS\":" + bundle(DEVICE) + ",\"LOCAL_GPU_CLAIMS\":\""
                + local + "\"}]";
    }

    static String jwks() {
        String coordinate = base64(Bytes.fromHex("33".repeat(48)));
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a-key\",\"x\":\"" + coordinate + "\",\"y\":\""
                + coordinate + "\",\"x5c\":[\"MAA=\",\"MAA=\"]},{\"kty\":\"RSA\",\"kid\":\"another\"}]}";
    }

    static String base64(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }
}
