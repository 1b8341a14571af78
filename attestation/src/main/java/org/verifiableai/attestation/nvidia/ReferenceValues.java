package org.verifiableai.attestation.nvidia;

/** How much a {@link GpuVerifier} makes of NVIDIA's reference values. */
public enum ReferenceValues {
    /** The manifests of driver and firmware image must be there, genuine and in force, and every measurement one of theirs. */
    REQUIRE,
    /** Where there is a manifest it counts; where there is none its checks are waived, and the verdict says so. */
    USE_IF_AVAILABLE,
    /** No manifest is looked at. */
    OFF
}
