package org.verifiableai.attestation.nvidia;

import org.verifiableai.attestation.Bytes;

/** Policies for tests of their forms. */
final class GpuPolicies {

    static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    static final Bytes SAMPLE_NONCE = Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");

    private GpuPolicies() {}

    /** Every demand, and every loosening that goes with them. */
    static GpuPolicy full() {
        return GpuPolicy.builder()
                .expectedNonce(NONCE)
                .useReferenceValuesIfAvailable("r1")
                .useRevocationIfAvailable("r2")
                .allowHold("r3")
                .withoutFwid("r4")
                .architectures(GpuArchitecture.LS10, GpuArchitecture.HOPPER)
                .chainLength(6)
                .modes(FeatureFlag.PPCIE, FeatureFlag.SPT)
                .minimumDriver("580.95.05")
                .minimumVbios(GpuArchitecture.LS10, "96.10.55.00.01")
                .minimumVbios(GpuArchitecture.HOPPER, "96.00.9f.00.01")
                .allowedVbios("96.10.55.00.01")
                .allowedVbios("96.00.9f.00.01")
                .allowedUeid("498")
                .allowedUeid("497")
                .gpus(1)
                .switches(1)
                .requireTopology()
                .build();
    }

    /** No demand at all. */
    static GpuPolicy open() {
        return GpuPolicy.builder()
                .withoutFreshness("r5")
                .withoutReferenceValues("r6")
                .withoutRevocation("r7")
                .build();
    }

    /** One that looks at a public sample. */
    static GpuPolicy sample() {
        return GpuPolicy.builder().expectedSampleNonce(SAMPLE_NONCE, "r8").build();
    }
}
