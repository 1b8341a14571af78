package org.verifiableai.attestation.nvidia.token;

import java.util.Set;
import org.verifiableai.attestation.nvidia.DeviceKind;

/** Who made a bundle, as its overall token says: it decides by what algorithm and key the bundle has to be signed. */
enum Maker {
    /** Somebody afar with a key of their own: NVIDIA's attestation service, or nvat where its caller gave it a key. */
    REMOTE("ES384"),
    /** nvtrust beside the GPU, which signs with a key that stands in its source. */
    NVTRUST("HS256"),
    /** nvat beside the GPU, which signs with nothing unless its caller gives it a key. */
    NVAT("none");

    static final String LOCAL_GPU = "LOCAL_GPU_VERIFIER";
    static final String LOCAL_SWITCH = "LOCAL_SWITCH_VERIFIER";
    static final String NVAT_LOCAL = "NVAT-LOCAL-VERIFIER";

    /** The names that verifiers beside the GPU give themselves. */
    static final Set<String> LOCAL_ISSUERS = Set.of(LOCAL_GPU, LOCAL_SWITCH, NVAT_LOCAL);

    private static final String SDK = "NV-Attestation-SDK";

    private final String algorithm;

    Maker(String algorithm) {
        this.algorithm = algorithm;
    }

    /**
     * The issuer decides, and the algorithm only where an issuer may use two: a token that names a service can choose
     * neither the key that everybody knows nor none.
     */
    static Maker of(TokenBundle bundle) {
        String issuer = bundle.claims().issuer().orElse("");
        if (issuer.equals(LOCAL_GPU) || issuer.equals(LOCAL_SWITCH) || issuer.equals(SDK)) {
            return NVTRUST;
        }
        boolean service = issuer.startsWith("https://") || issuer.isEmpty();
        return !service && bundle.overall().algorithm().equals(NVAT.algorithm) ? NVAT : REMOTE;
    }

    /** {@code alg} of its tokens. */
    String algorithm() {
        return algorithm;
    }

    /** Whether its tokens are worth something by themselves. */
    boolean provesItself() {
        return this == REMOTE;
    }

    /** Whether a local verifier of this name judges devices of this kind. */
    static boolean judges(String issuer, DeviceKind kind) {
        return switch (issuer) {
            case LOCAL_GPU -> kind == DeviceKind.GPU;
            case LOCAL_SWITCH -> kind == DeviceKind.SWITCH;
            default -> true;
        };
    }
}
