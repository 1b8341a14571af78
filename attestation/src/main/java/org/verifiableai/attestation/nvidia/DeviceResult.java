package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;

/**
 * What one device's evidence came to within a {@link GpuResult}: its own checks, and what could be read of it. Immutable.
 *
 * <p>What is read here is proven only where the verdict over the whole is an acceptance. In a rejection it is what the
 * evidence claims, for a person who looks for the reason.
 */
public final class DeviceResult {

    private final String name;
    private final DeviceKind kind;
    private final List<CheckResult> checks;
    private final @Nullable GpuReport report;
    private final @Nullable DeviceChain chain;
    private final @Nullable MeasurementComparison measurements;

    DeviceResult(
            String name,
            DeviceKind kind,
            List<CheckResult> checks,
            @Nullable GpuReport report,
            @Nullable DeviceChain chain,
            @Nullable MeasurementComparison measurements) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.checks = List.copyOf(checks);
        this.report = report;
        this.chain = chain;
        this.measurements = measurements;
    }

    /** Its name within the verdict: {@code GPU-0}, {@code SWITCH-0} and so on, by the order of the evidence. */
    public String name() {
        return name;
    }

    /** Whether it is a GPU or a switch: by its report, else by its certificates, and a GPU where neither can be read. */
    public DeviceKind kind() {
        return kind;
    }

    /** Every check of {@link GpuChecks#OF_A_DEVICE}, in that order. */
    public List<CheckResult> checks() {
        return checks;
    }

    /**
     * What came of one check.
     *
     * @throws IllegalArgumentException if {@code id} is none of {@link GpuChecks#OF_A_DEVICE}
     */
    public CheckResult check(CheckId id) {
        return checks.stream()
                .filter(result -> result.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("check must be one of a device, found " + id));
    }

    /** The report; empty if it could not be read. */
    public Optional<GpuReport> report() {
        return Optional.ofNullable(report);
    }

    /** The family that its certificates name. */
    public Optional<GpuArchitecture> architecture() {
        return Optional.ofNullable(chain).flatMap(DeviceChain::architecture);
    }

    /** The common name of its identity certificate, such as {@code GH100 A01 GSP BROM}. */
    public Optional<String> hardwareModel() {
        return Optional.ofNullable(chain).flatMap(DeviceChain::hardwareModel);
    }

    /** NVIDIA's identifier of it: the serial number of its attestation key's certificate, decimal. */
    public Optional<String> ueid() {
        return Optional.ofNullable(chain).map(DeviceChain::ueid);
    }

    /** The version of its driver; a switch has none. */
    public Optional<String> driverVersion() {
        return report().flatMap(r -> r.opaqueData().driverVersion());
    }

    /** The version of its firmware image. */
    public Optional<String> vbiosVersion() {
        return report().map(r -> r.opaqueData().vbiosVersion());
    }

    /** The nonce that its report answers, 32 bytes. */
    public Optional<Bytes> nonce() {
        return report().map(GpuReport::requesterNonce);
    }

    /** The mode that its report states. Firmware before opaque data version 1 tells protected PCIe from none at most. */
    public Optional<FeatureFlag> mode() {
        return report().flatMap(r -> r.opaqueData().mode());
    }

    /** How its measurements compare with the reference values; empty where they were not compared. */
    public Optional<MeasurementComparison> measurements() {
        return Optional.ofNullable(measurements);
    }
}
