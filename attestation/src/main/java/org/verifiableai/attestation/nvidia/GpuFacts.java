package org.verifiableai.attestation.nvidia;

import java.util.Set;

/** The facts of an acceptance, by their names. */
final class GpuFacts {

    static final String GPUS = "gpu.gpus";
    static final String SWITCHES = "gpu.switches";
    static final String POLICY_DIGEST = "gpu.policy-digest";
    static final String SIGNATURE_ENGINE = "gpu.signature-engine";
    static final String EVALUATED_AT = "gpu.evaluated-at";

    private static final Set<String> OF_THE_SYSTEM =
            Set.of(GPUS, SWITCHES, POLICY_DIGEST, SIGNATURE_ENGINE, EVALUATED_AT);

    private GpuFacts() {}

    /** Whether a fact is one of the whole rather than of one device. */
    static boolean isOfTheSystem(String name) {
        return OF_THE_SYSTEM.contains(name);
    }
}
