package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * The devices whose evidence a {@link GpuVerifier} appraised together. Immutable. As a value of its own it is a claim:
 * only within a {@link org.verifiableai.attestation.Verified} it says that the evidence of each device, and of all of them
 * together, satisfied a policy.
 *
 * @param gpus the GPUs in the order of their evidence
 * @param switches the NVSwitches in the order of their evidence
 */
public record GpuSystem(List<Device> gpus, List<Device> switches) {

    /** Copies both lists. */
    public GpuSystem {
        gpus = List.copyOf(gpus);
        switches = List.copyOf(switches);
    }

    /**
     * One device.
     *
     * @param name its name within one verdict: {@code GPU-0}, {@code SWITCH-0} and so on, by the order of the evidence
     * @param architecture its family, from its certificates
     * @param ueid NVIDIA's identifier of it: the serial number of its attestation key's certificate, decimal
     * @param hardwareModel the common name of its identity certificate, such as {@code GH100 A01 GSP BROM}
     * @param report what it signed
     * @param identityKey the DER SubjectPublicKeyInfo of its identity certificate, which stays the same when firmware
     *     makes a new attestation key
     */
    public record Device(
            String name,
            GpuArchitecture architecture,
            String ueid,
            String hardwareModel,
            GpuReport report,
            Bytes identityKey) {

        /** Checks that nothing is missing. */
        public Device {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(architecture, "architecture");
            Objects.requireNonNull(ueid, "ueid");
            Objects.requireNonNull(hardwareModel, "hardwareModel");
            Objects.requireNonNull(report, "report");
            Objects.requireNonNull(identityKey, "identityKey");
        }
    }
}
