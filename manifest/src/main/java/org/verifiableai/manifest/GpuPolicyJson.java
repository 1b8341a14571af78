package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** The demands on GPUs within a stored {@link ProvenancePolicy}: all but the nonce, which is derived. */
final class GpuPolicyJson {

    private static final String WITHOUT_FRESHNESS = "withoutFreshness";
    private static final List<String> DERIVED = List.of("nonce", "sampleNonce", "sampleNonceReason", WITHOUT_FRESHNESS);
    private static final int MAX_SIZE = 1 << 20;

    private GpuPolicyJson() {}

    static ObjectNode write(GpuPolicy policy) {
        try {
            ObjectNode stored = (ObjectNode) StrictJson.parse("gpu policy", Bytes.utf8(policy.toJson()), MAX_SIZE);
            return stored.without(DERIVED);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("a gpu policy wrote what cannot be read", e);
        }
    }

    static GpuPolicy read(JsonObject stored) throws MalformedEvidenceException {
        for (String derived : DERIVED) {
            if (stored.has(derived)) {
                throw stored.wrongMember(derived, "no such member, since the GPUs' nonce is derived", "one");
            }
        }
        ObjectNode complete = stored.node().deepCopy();
        complete.put(WITHOUT_FRESHNESS, ProvenancePolicy.DERIVED);
        return GpuPolicy.fromJson(complete.toString());
    }
}
