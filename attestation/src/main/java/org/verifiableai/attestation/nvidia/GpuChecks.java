package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.stream.Stream;
import org.verifiableai.attestation.CheckId;

/**
 * The checks of {@link GpuVerifier}, by their stable names, in the order in which a verdict lists them. Those about one
 * device hold for the whole if they hold for each.
 */
public final class GpuChecks {

    /** There is evidence, every device is in it once, by its identifier and by the key of its identity certificate. */
    public static final CheckId DEVICES = new CheckId("gpu.devices");

    /** There are as many GPUs and switches as the policy wants. */
    public static final CheckId COUNT = new CheckId("gpu.count");

    /** Report and certificates are of a form that this version reads. */
    public static final CheckId FORMAT = new CheckId("gpu.format");

    /**
     * The certificates are as many as the policy wants, each is signed by the next and may do what it does, all keys are
     * on P-384, and the last is, byte for byte, an authority of the trust anchors.
     */
    public static final CheckId CHAIN = new CheckId("gpu.chain");

    /** Every certificate is valid at the instant of the verifier's clock. */
    public static final CheckId VALIDITY = new CheckId("gpu.validity");

    /**
     * NVIDIA says, at the instant of the verifier's clock, that no certificate between leaf and root is revoked. The leaf
     * is made by the device itself, and there is no answer for it. The reason is a
     * {@link org.verifiableai.attestation.RevocationStatus}.
     */
    public static final CheckId REVOCATION = new CheckId("gpu.revocation");

    /** The certificates are of an architecture that the policy admits, and the report is of that kind of device. */
    public static final CheckId ARCHITECTURE = new CheckId("gpu.architecture");

    /** The key of the first certificate signed the report. */
    public static final CheckId SIGNATURE = new CheckId("gpu.signature");

    /**
     * The firmware identifier in the report equals the one in the first certificate. A switch states none in its report,
     * and the check does not apply to it.
     */
    public static final CheckId FWID = new CheckId("gpu.fwid");

    /**
     * The report answers the nonce that the policy expects. The reason is {@code sample-nonce} where that is the nonce of
     * a public sample, which proves no freshness.
     */
    public static final CheckId NONCE = new CheckId("gpu.nonce");

    /** The device is one that the policy names. */
    public static final CheckId UEID_ALLOWED = new CheckId("gpu.ueid-allowed");

    /** The GPU's driver is of the version that the policy wants, or a later one. Does not apply to switches. */
    public static final CheckId DRIVER_MINIMUM = new CheckId("gpu.driver-minimum");

    /** The device's firmware image is of a version that the policy wants. */
    public static final CheckId VBIOS_ALLOWED = new CheckId("gpu.vbios-allowed");

    /** There is a reference integrity manifest for the driver's version. This and the next four do not apply to switches. */
    public static final CheckId RIM_DRIVER_PRESENT = new CheckId("gpu.rim.driver.present");

    /** The driver's manifest is signed by the key of its first certificate, in the one form that NVIDIA signs. */
    public static final CheckId RIM_DRIVER_SIGNATURE = new CheckId("gpu.rim.driver.signature");

    /** The certificates of the driver's manifest lead to the pinned root of manifests. */
    public static final CheckId RIM_DRIVER_CHAIN = new CheckId("gpu.rim.driver.chain");

    /** The certificates of the driver's manifest are valid at the instant of the verifier's clock. */
    public static final CheckId RIM_DRIVER_VALIDITY = new CheckId("gpu.rim.driver.validity");

    /** NVIDIA says that no certificate of the driver's manifest is revoked, the leaf included. */
    public static final CheckId RIM_DRIVER_REVOCATION = new CheckId("gpu.rim.driver.revocation");

    /** There is a reference integrity manifest for the firmware image's version. */
    public static final CheckId RIM_VBIOS_PRESENT = new CheckId("gpu.rim.vbios.present");

    /** The firmware image's manifest is signed by the key of its first certificate, in the one form that NVIDIA signs. */
    public static final CheckId RIM_VBIOS_SIGNATURE = new CheckId("gpu.rim.vbios.signature");

    /** The certificates of the firmware image's manifest lead to the pinned root of manifests. */
    public static final CheckId RIM_VBIOS_CHAIN = new CheckId("gpu.rim.vbios.chain");

    /** The certificates of the firmware image's manifest are valid at the instant of the verifier's clock. */
    public static final CheckId RIM_VBIOS_VALIDITY = new CheckId("gpu.rim.vbios.validity");

    /** NVIDIA says that no certificate of the firmware image's manifest is revoked, the leaf included. */
    public static final CheckId RIM_VBIOS_REVOCATION = new CheckId("gpu.rim.vbios.revocation");

    /** Every measurement for which the manifests have reference values is one of them. */
    public static final CheckId MEASUREMENTS = new CheckId("gpu.measurements");

    /**
     * The GPUs contradict neither themselves nor each other about their mode, and it is one that the policy wants. Does
     * not apply to switches.
     */
    public static final CheckId MODE = new CheckId("gpu.mode");

    /**
     * GPUs and switches name each other: every GPU is linked to exactly the switches that gave evidence, and every switch
     * to as many GPUs as did, the same ones. Looked at wherever a switch gives evidence.
     */
    public static final CheckId TOPOLOGY = new CheckId("gpu.topology");

    /** The checks that each device undergoes by itself. */
    public static final List<CheckId> OF_A_DEVICE = List.of(
            FORMAT,
            CHAIN,
            VALIDITY,
            REVOCATION,
            ARCHITECTURE,
            SIGNATURE,
            FWID,
            NONCE,
            UEID_ALLOWED,
            DRIVER_MINIMUM,
            VBIOS_ALLOWED,
            RIM_DRIVER_PRESENT,
            RIM_DRIVER_SIGNATURE,
            RIM_DRIVER_CHAIN,
            RIM_DRIVER_VALIDITY,
            RIM_DRIVER_REVOCATION,
            RIM_VBIOS_PRESENT,
            RIM_VBIOS_SIGNATURE,
            RIM_VBIOS_CHAIN,
            RIM_VBIOS_VALIDITY,
            RIM_VBIOS_REVOCATION,
            MEASUREMENTS);

    /** Every check of a verdict, in the order in which it lists them. */
    public static final List<CheckId> ALL = Stream.of(
                    Stream.of(DEVICES, COUNT), OF_A_DEVICE.stream(), Stream.of(MODE, TOPOLOGY))
            .flatMap(ids -> ids)
            .toList();

    private GpuChecks() {}
}
