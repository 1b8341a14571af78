package org.verifiableai.attestation.testkit;

import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * A token about GPUs or switches before it is signed: like that of a real machine whose appraisal succeeded, until told
 * otherwise. Immutable; each method gives a copy that differs in one thing.
 *
 * <p>The names of tokens are {@code overall} and those of devices, such as {@code GPU-0}.
 */
public final class SoftwareToken {

    /** What the overall token is called. */
    public static final String OVERALL = "overall";

    private static final List<String> GPU_STEPS = List.of(
            "arch-check",
            "attestation-report-parsed",
            "attestation-report-nonce-match",
            "attestation-report-signature-verified",
            "driver-rim-fetched",
            "driver-rim-signature-verified",
            "driver-rim-measurements-available",
            "vbios-rim-fetched",
            "vbios-rim-signature-verified",
            "vbios-rim-measurements-available",
            "vbios-index-no-conflict");
    private static final List<String> SWITCH_STEPS = List.of(
            "arch-check",
            "attestation-report-parsed",
            "attestation-report-nonce-match",
            "attestation-report-signature-verified",
            "bios-rim-fetched",
            "bios-rim-signature-verified",
            "bios-rim-measurements-available");

    private final Style style;
    private final TokenSigner signer;
    private final Map<String, @Nullable Object> overall;
    private final Map<String, Map<String, @Nullable Object>> devices;
    private final Map<String, TokenSigner> signers;
    private final Map<String, Bytes> digests;
    private final String digestLabel;

    /** How a verifier writes. */
    enum Style {
        /** NVIDIA's attestation service. */
        SERVICE,
        /** nvtrust, in Python. */
        NVTRUST,
        /** nvat, in C++ and Rust. */
        NVAT
    }

    private SoftwareToken(
            Style style,
            TokenSigner signer,
            Map<String, @Nullable Object> overall,
            Map<String, Map<String, @Nullable Object>> devices,
            Map<String, TokenSigner> signers,
            Map<String, Bytes> digests,
            String digestLabel) {
        this.style = style;
        this.signer = signer;
        this.overall = overall;
        this.devices = devices;
        this.signers = signers;
        this.digests = digests;
        this.digestLabel = digestLabel;
    }

    static SoftwareToken of(Style style, TokenSigner signer, String issuer, Bytes nonce, Instant issuedAt) {
        Map<String, @Nullable Object> overall = new LinkedHashMap<>();
        overall.put("sub", "NVIDIA-PLATFORM-ATTESTATION");
        overall.put("x-nvidia-ver", style == Style.NVAT ? "3.0" : "2.0");
        overall.put("iss", issuer);
        overall.put("x-nvidia-overall-att-result", true);
        overall.put("eat_nonce", nonce.hex());
        times(style, overall, issuedAt);
        return new SoftwareToken(
                style,
                signer,
                overall,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                style == Style.SERVICE ? "SHA-256" : "SHA256");
    }

    private static void times(Style style, Map<String, @Nullable Object> claims, Instant issuedAt) {
        long seconds = issuedAt.getEpochSecond();
        switch (style) {
            case SERVICE -> claims.put("nbf", seconds);
            case NVTRUST -> claims.put("nbf", seconds - 120);
            case NVAT -> claims.remove("nbf");
        }
        claims.put("exp", seconds + 3600);
        claims.put("iat", seconds);
        claims.put(
                "jti",
                UUID.nameUUIDFromBytes(Bytes.utf8(claims.toString()).toByteArray())
                        .toString());
    }

    /** With GPUs of this number after those that it has, each another device. */
    public SoftwareToken withGpus(int number) {
        return withDevices("GPU", number);
    }

    /** With switches of this number after those that it has, each another device. */
    public SoftwareToken withSwitches(int number) {
        return withDevices("SWITCH", number);
    }

    private SoftwareToken withDevices(String kind, int number) {
        SoftwareToken changed = copy();
        for (int i = 0; i < number; i++) {
            String name = kind + "-"
                    + changed.devices.keySet().stream()
                            .filter(known -> known.startsWith(kind))
                            .count();
            changed.devices.put(name, device(kind.equals("GPU"), "3.0".equals(overall.get("x-nvidia-ver")), name));
        }
        return changed;
    }

    /** With claims of version 3.0 in place of 2.0, of every device that is there and is yet to come. */
    public SoftwareToken withGranularClaims() {
        SoftwareToken changed = copy();
        changed.overall.put("x-nvidia-ver", "3.0");
        changed.devices.replaceAll((name, claims) -> device(name.startsWith("GPU"), true, name));
        return changed;
    }

    private Map<String, @Nullable Object> device(boolean gpu, boolean granular, String name) {
        String prefix = gpu ? "x-nvidia-gpu-" : "x-nvidia-switch-";
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("measres", "success");
        (gpu ? GPU_STEPS : SWITCH_STEPS).forEach(step -> claims.put(prefix + step, true));
        for (String rim : gpu ? List.of("driver", "vbios") : List.of("bios")) {
            if (style != Style.NVAT) {
                claims.put(prefix + rim + "-rim-schema-validated", true);
            }
            if (granular) {
                claims.put(prefix + rim + "-rim-version-match", true);
                claims.put(prefix + rim + "-rim-cert-chain", chain("2030-01-01T00:00:00"));
            } else {
                claims.put(prefix + rim + "-rim-cert-validated", true);
            }
        }
        if (granular) {
            claims.put(prefix + "attestation-report-cert-chain", chain("9999-12-31T23:59:59"));
            claims.put(prefix + "attestation-report-cert-chain-fwid-match", true);
        } else {
            claims.put(prefix + "attestation-report-cert-chain-validated", true);
        }
        if (gpu) {
            claims.put(prefix + "driver-version", "570.124.06");
        }
        claims.put(prefix + (gpu ? "vbios-version" : "bios-version"), "96.00.CF.00.01");
        claims.put("secboot", true);
        claims.put("dbgstat", "disabled");
        claims.put("eat_nonce", overall.get("eat_nonce"));
        boolean shortened = style == Style.SERVICE && !granular;
        claims.put("hwmodel", gpu ? (shortened ? "GH100" : "GH100 A01 GSP BROM") : "LS_10 A01 FSP BROM");
        claims.put(
                "ueid", new BigInteger(1, Bytes.utf8(name).sha256().slice(0, 20).toByteArray()).toString());
        claims.put("oemid", gpu ? "5703" : null);
        claims.put("iss", overall.get("iss"));
        claims.put("nbf", overall.get("nbf"));
        claims.put("exp", overall.get("exp"));
        claims.put("iat", overall.get("iat"));
        claims.put("jti", UUID.nameUUIDFromBytes(Bytes.utf8(name).toByteArray()).toString());
        if (style == Style.NVAT) {
            claims.remove("nbf");
        }
        return claims;
    }

    private Map<String, @Nullable Object> chain(String expires) {
        Map<String, @Nullable Object> chain = new LinkedHashMap<>();
        chain.put("x-nvidia-cert-expiration-date", style == Style.NVTRUST ? expires : expires + "Z");
        chain.put("x-nvidia-cert-status", "valid");
        chain.put("x-nvidia-cert-ocsp-status", "good");
        chain.put("x-nvidia-cert-revocation-reason", null);
        if (style == Style.NVAT) {
            chain.put("x-nvidia-cert-ocsp-nonce-matches", true);
            chain.put("x-nvidia-cert-ocsp-response-valid", true);
        }
        return chain;
    }

    /** With a claim that is there or not: a text, a number, a truth, a list, a map, or null for JSON's. */
    public SoftwareToken with(String token, String claim, @Nullable Object value) {
        SoftwareToken changed = copy();
        changed.claims(token).put(claim, value);
        return changed;
    }

    /** Without a claim. */
    public SoftwareToken without(String token, String claim) {
        SoftwareToken changed = copy();
        changed.claims(token).remove(claim);
        return changed;
    }

    /** With a member of one of the objects of claims version 3.0 that differs, such as {@code x-nvidia-cert-status}. */
    public SoftwareToken withChain(String token, String claim, String member, @Nullable Object value) {
        SoftwareToken changed = copy();
        Map<String, @Nullable Object> chain = new LinkedHashMap<>();
        if (changed.claims(token).get(claim) instanceof Map<?, ?> known) {
            known.forEach((name, old) -> chain.put(String.valueOf(name), old));
        }
        chain.put(member, value);
        changed.claims(token).put(claim, chain);
        return changed;
    }

    /** With a claim in the overall token and those of all devices. */
    public SoftwareToken withEverywhere(String claim, @Nullable Object value) {
        SoftwareToken changed = copy();
        changed.overall.put(claim, value);
        changed.devices.values().forEach(claims -> claims.put(claim, value));
        return changed;
    }

    /** With an error of the service in place of a device's claims, and everything else as it was. */
    public SoftwareToken withError(String device, int code, String message) {
        SoftwareToken changed = copy();
        Map<String, @Nullable Object> claims = changed.claims(device);
        claims.keySet().retainAll(List.of("iss", "nbf", "exp", "iat", "jti"));
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("code", code);
        details.put("httpStatus", "400 BAD_REQUEST");
        details.put("description", "no verdict on this device");
        details.put("message", message);
        claims.put("x-nvidia-error-details", details);
        return changed;
    }

    /** With another digest of a device's token in the overall token. */
    public SoftwareToken withDigest(String device, Bytes digest) {
        SoftwareToken changed = copy();
        changed.digests.put(device, digest);
        return changed;
    }

    /** With another name for the hash of the digests. */
    public SoftwareToken withDigestLabel(String label) {
        SoftwareToken changed = copy();
        return new SoftwareToken(
                style, signer, changed.overall, changed.devices, changed.signers, changed.digests, label);
    }

    /** With one token signed by somebody else, or otherwise. */
    SoftwareToken signedBy(String token, TokenSigner other) {
        SoftwareToken changed = copy();
        changed.signers.put(token, other);
        return changed;
    }

    /** With a member of the headers of all tokens that differs. */
    public SoftwareToken withHeader(String name, @Nullable Object value) {
        SoftwareToken changed = copy();
        return new SoftwareToken(
                style,
                signer.withHeader(name, value),
                changed.overall,
                changed.devices,
                changed.signers,
                changed.digests,
                digestLabel);
    }

    /** With every token signed by somebody else, or otherwise. */
    SoftwareToken signedBy(TokenSigner other) {
        SoftwareToken changed = copy();
        return new SoftwareToken(
                style, other, changed.overall, changed.devices, changed.signers, changed.digests, digestLabel);
    }

    /** The bundle: device tokens, and the overall token over their digests. */
    public SoftwareBundle bundle() {
        Map<String, String> compact = new LinkedHashMap<>();
        Map<String, Object> submodules = new LinkedHashMap<>();
        devices.forEach((name, claims) -> {
            String token = signers.getOrDefault(name, signer).sign(JsonText.compact(claims));
            compact.put(name, token);
            Bytes digest = digests.getOrDefault(name, digest(claims, token));
            submodules.put(name, List.of("DIGEST", List.of(digestLabel, digest.hex())));
        });
        Map<String, @Nullable Object> claims = new LinkedHashMap<>(overall);
        claims.putIfAbsent("submods", submodules);
        return new SoftwareBundle(signers.getOrDefault(OVERALL, signer).sign(JsonText.compact(claims)), compact);
    }

    /** The document. */
    public Bytes json() {
        return bundle().json();
    }

    private Bytes digest(Map<String, @Nullable Object> claims, String token) {
        if (style != Style.NVTRUST) {
            return Bytes.utf8(token).sha256();
        }
        Map<String, @Nullable Object> hashed = new LinkedHashMap<>(claims);
        hashed.keySet().removeAll(List.of("nbf", "exp", "iat", "jti"));
        return Bytes.utf8(JsonText.python(hashed)).sha256();
    }

    TokenSigner signer() {
        return signer;
    }

    private Map<String, @Nullable Object> claims(String token) {
        Map<String, @Nullable Object> claims = token.equals(OVERALL) ? overall : devices.get(token);
        if (claims == null) {
            throw new IllegalArgumentException(
                    "token must be overall or one of " + devices.keySet() + ", found " + token);
        }
        return claims;
    }

    private SoftwareToken copy() {
        Map<String, Map<String, @Nullable Object>> copies = new LinkedHashMap<>();
        devices.forEach((name, claims) -> copies.put(name, new LinkedHashMap<>(claims)));
        return new SoftwareToken(
                style,
                signer,
                new LinkedHashMap<>(overall),
                copies,
                new LinkedHashMap<>(signers),
                new LinkedHashMap<>(digests),
                digestLabel);
    }
}
