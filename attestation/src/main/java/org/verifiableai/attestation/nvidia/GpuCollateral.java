package org.verifiableai.attestation.nvidia;

import java.util.List;
import org.verifiableai.attestation.Bytes;

/**
 * What others say about devices and their firmware, fetched before a verification: NVIDIA's reference values and the
 * answers of its revocation service. Immutable.
 *
 * <p>Nothing in it is trusted, whoever brought it along: {@link GpuVerifier} verifies each piece, takes what belongs to the
 * evidence and leaves the rest. Order does not matter, and neither do pieces that belong to nothing.
 *
 * @param rims reference integrity manifests, each a whole XML document
 * @param ocspResponses answers of OCSP responders, each one DER OCSPResponse (RFC 6960)
 */
public record GpuCollateral(List<Bytes> rims, List<Bytes> ocspResponses) {

    /** No reference values and no answers. */
    public static final GpuCollateral NONE = new GpuCollateral(List.of(), List.of());

    /** Copies both lists. */
    public GpuCollateral {
        rims = List.copyOf(rims);
        ocspResponses = List.copyOf(ocspResponses);
    }
}
