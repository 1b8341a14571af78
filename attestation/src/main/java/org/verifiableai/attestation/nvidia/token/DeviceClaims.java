package org.verifiableai.attestation.nvidia.token;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;
import org.verifiableai.attestation.nvidia.DeviceKind;

/**
 * The claims of the token of one device, of version 2.0 or 3.0, by their names in NVIDIA's tokens. A claim that is absent
 * or null is empty. Parsed, and true only if a {@link TokenVerifier} accepted the token. Immutable.
 *
 * <p>{@code secboot} and {@code dbgstat} follow from {@code measres} in NVIDIA's verifiers: they are no readings of the
 * device's fuses. No claim says whether confidential computing is on.
 */
public final class DeviceClaims {

    private static final String CHAIN_SUFFIX = "-cert-chain";

    private final DeviceKind kind;
    private final JsonObject claims;
    private final RegisteredClaims registered;
    private final Map<String, CertificateChainClaims> chains;
    private final Map<String, @Nullable String> texts;
    private final @Nullable Boolean secboot;
    private final @Nullable ErrorDetails error;

    private DeviceClaims(
            DeviceKind kind,
            JsonObject claims,
            RegisteredClaims registered,
            Map<String, CertificateChainClaims> chains,
            Map<String, @Nullable String> texts,
            @Nullable Boolean secboot,
            @Nullable ErrorDetails error) {
        this.kind = kind;
        this.claims = claims;
        this.registered = registered;
        this.chains = Collections.unmodifiableMap(chains);
        this.texts = texts;
        this.secboot = secboot;
        this.error = error;
    }

    static DeviceClaims read(DeviceKind kind, JsonObject claims) throws MalformedEvidenceException {
        Map<String, CertificateChainClaims> chains = new LinkedHashMap<>();
        String prefix = prefix(kind);
        for (Map.Entry<String, JsonValue> member : claims.members().entrySet()) {
            String name = member.getKey();
            if (name.startsWith(prefix) && name.endsWith(CHAIN_SUFFIX)) {
                if (!(member.getValue() instanceof JsonObject chain)) {
                    throw Claims.wrong(name, "an object", member.getValue());
                }
                chains.put(name.substring(prefix.length()), CertificateChainClaims.read(chain));
            }
        }
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        for (String name : new String[] {
            "ueid",
            "hwmodel",
            "oemid",
            "measres",
            "dbgstat",
            "x-nvidia-attestation-warning",
            prefix + "driver-version",
            prefix + "vbios-version",
            prefix + "bios-version"
        }) {
            texts.put(name, Claims.text(claims, name));
        }
        return new DeviceClaims(
                kind,
                claims,
                RegisteredClaims.read(claims),
                chains,
                texts,
                Claims.truth(claims, "secboot"),
                ErrorDetails.read(claims).orElse(null));
    }

    private static String prefix(DeviceKind kind) {
        return kind == DeviceKind.GPU ? "x-nvidia-gpu-" : "x-nvidia-switch-";
    }

    /** Whether they are the claims of a GPU or of a switch; which claims have meaning follows from it. */
    public DeviceKind kind() {
        return kind;
    }

    /** {@code iss}. */
    public Optional<String> issuer() {
        return Optional.ofNullable(registered.issuer());
    }

    /** {@code iat}. */
    public Optional<Instant> issuedAt() {
        return Optional.ofNullable(registered.issuedAt());
    }

    /** {@code exp}. */
    public Optional<Instant> expires() {
        return Optional.ofNullable(registered.expires());
    }

    /** {@code eat_nonce}: 64 hex digits in real tokens. */
    public Optional<String> nonce() {
        return Optional.ofNullable(registered.nonce());
    }

    /** {@code ueid}: the serial number of the device's own certificate, decimal. */
    public Optional<String> ueid() {
        return text("ueid");
    }

    /** {@code hwmodel}: such as {@code GH100 A01 GSP BROM}, or {@code GH100} where a service shortens it. */
    public Optional<String> hardwareModel() {
        return text("hwmodel");
    }

    /** {@code oemid}: the manufacturer of the firmware, {@code 5703} for NVIDIA. */
    public Optional<String> oemId() {
        return text("oemid");
    }

    /** {@code x-nvidia-gpu-driver-version}; a switch has none. */
    public Optional<String> driverVersion() {
        return text(prefix(kind) + "driver-version");
    }

    /** {@code x-nvidia-gpu-vbios-version} of a GPU, {@code x-nvidia-switch-bios-version} of a switch. */
    public Optional<String> vbiosVersion() {
        return text(prefix(kind) + (kind == DeviceKind.GPU ? "vbios-version" : "bios-version"));
    }

    /** {@code measres}: {@code success} where every measurement equals a reference value. */
    public Optional<String> measurementResult() {
        return text("measres");
    }

    /** {@code dbgstat}. */
    public Optional<String> debugStatus() {
        return text("dbgstat");
    }

    /** {@code secboot}. */
    public Optional<Boolean> secureBoot() {
        return Optional.ofNullable(secboot);
    }

    /** {@code x-nvidia-attestation-warning}: such as that a certificate is on hold. */
    public Optional<String> warning() {
        return text("x-nvidia-attestation-warning");
    }

    /**
     * A claim that is true or false, by its name without {@code x-nvidia-gpu-} or {@code x-nvidia-switch-}, such as
     * {@code attestation-report-nonce-match}; empty where it is absent or anything else.
     */
    public Optional<Boolean> check(String name) {
        return claims.get(prefix(kind) + name)
                .filter(JsonTruth.class::isInstance)
                .map(value -> ((JsonTruth) value).value());
    }

    /**
     * The certificate chains of claims version 3.0 by their names without {@code x-nvidia-gpu-} or
     * {@code x-nvidia-switch-}, such as {@code attestation-report-cert-chain}.
     */
    public Map<String, CertificateChainClaims> certificateChains() {
        return chains;
    }

    /** What went wrong, where the token says that something did; such a token has few other claims. */
    public Optional<ErrorDetails> error() {
        return Optional.ofNullable(error);
    }

    RegisteredClaims registered() {
        return registered;
    }

    JsonObject claims() {
        return claims;
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name));
    }
}
