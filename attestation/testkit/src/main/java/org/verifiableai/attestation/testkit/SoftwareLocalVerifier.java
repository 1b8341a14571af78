package org.verifiableai.attestation.testkit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;

/**
 * NVIDIA's verifiers that run beside the GPU, as they write tokens. Whoever likes can write the same: nvtrust signs with a
 * key that stands in its source, and nvat with none.
 */
public final class SoftwareLocalVerifier {

    private SoftwareLocalVerifier() {}

    /** A token of nvtrust about GPUs, of claims version 2.0, of no device yet. */
    public static SoftwareToken nvtrust(Bytes nonce, Instant issuedAt) {
        return nvtrust("LOCAL_GPU_VERIFIER", nonce, issuedAt);
    }

    /** A token of nvtrust about switches, of claims version 2.0, of no device yet. */
    public static SoftwareToken nvtrustSwitches(Bytes nonce, Instant issuedAt) {
        return nvtrust("LOCAL_SWITCH_VERIFIER", nonce, issuedAt);
    }

    private static SoftwareToken nvtrust(String issuer, Bytes nonce, Instant issuedAt) {
        return SoftwareToken.of(
                SoftwareToken.Style.NVTRUST, TokenSigner.hs256(Bytes.utf8("secret")), issuer, nonce, issuedAt);
    }

    /** A token of nvat, of claims version 3.0, of no device yet, and not signed. */
    public static SoftwareToken nvat(Bytes nonce, Instant issuedAt) {
        return SoftwareToken.of(SoftwareToken.Style.NVAT, TokenSigner.none(), "NVAT-LOCAL-VERIFIER", nonce, issuedAt);
    }

    /** A token of nvat whose caller gave it a name and the key of a service. */
    public static SoftwareToken nvat(SoftwareNras signer, Bytes nonce, Instant issuedAt) {
        return SoftwareToken.of(SoftwareToken.Style.NVAT, signer.signer(), signer.issuer(), nonce, issuedAt);
    }

    /** The lone token that nvtrust writes where it failed. */
    public static Bytes failure(String code, String message) {
        return Bytes.utf8(TokenSigner.hs256(Bytes.utf8("secret"))
                .sign(JsonText.compact(new TreeMap<>(Map.of("x-nv-err-code", code, "x-nv-err-message", message)))));
    }
}
