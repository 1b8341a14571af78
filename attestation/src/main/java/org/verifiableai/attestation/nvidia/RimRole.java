package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.CheckId;

/** Which of a device's two manifests it is, and the checks that it undergoes. */
enum RimRole {
    DRIVER,
    VBIOS;

    CheckId present() {
        return this == DRIVER ? GpuChecks.RIM_DRIVER_PRESENT : GpuChecks.RIM_VBIOS_PRESENT;
    }

    CheckId signature() {
        return this == DRIVER ? GpuChecks.RIM_DRIVER_SIGNATURE : GpuChecks.RIM_VBIOS_SIGNATURE;
    }

    CheckId chain() {
        return this == DRIVER ? GpuChecks.RIM_DRIVER_CHAIN : GpuChecks.RIM_VBIOS_CHAIN;
    }

    CheckId validity() {
        return this == DRIVER ? GpuChecks.RIM_DRIVER_VALIDITY : GpuChecks.RIM_VBIOS_VALIDITY;
    }

    CheckId revocation() {
        return this == DRIVER ? GpuChecks.RIM_DRIVER_REVOCATION : GpuChecks.RIM_VBIOS_REVOCATION;
    }

    /** Every check of the role, in their order. */
    List<CheckId> checks() {
        return List.of(present(), signature(), chain(), validity(), revocation());
    }

    /** The identifier of the manifest that a report asks for; empty if the report does not say enough for one. */
    Optional<RimId> id(GpuReport report, GpuArchitecture architecture) {
        return this == DRIVER ? RimId.driver(report, architecture) : RimId.vbios(report, architecture);
    }

    /** Whether a manifest is of the version that a report states. Letters in a firmware image's version have two cases. */
    boolean matches(Rim rim, GpuReport report) {
        return this == DRIVER
                ? report.opaqueData().driverVersion().equals(Optional.of(rim.version()))
                : report.opaqueData().vbiosVersion().equalsIgnoreCase(rim.version());
    }
}
