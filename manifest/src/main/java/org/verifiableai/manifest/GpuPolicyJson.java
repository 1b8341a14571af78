package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;

/** The demands on a GPU within a stored {@link ProvenancePolicy}: all but the nonce, which is derived. */
final class GpuPolicyJson {

    private static final Set<String> MEMBERS =
            Set.of("architectures", "chainLength", "withoutFwid", "withoutReferenceValues", "withoutRevocation");
    private static final int MAX_CHAIN_LENGTH = 100;

    private GpuPolicyJson() {}

    static void write(GpuPolicy policy, ObjectNode into) {
        var architectures = into.putArray("architectures");
        policy.architectures().forEach(architecture -> architectures.add(architecture.name()));
        into.put("chainLength", policy.chainLength());
        policy.fwidWaiver().ifPresent(reason -> into.put("withoutFwid", reason));
        into.put("withoutReferenceValues", policy.referenceValueWaiver());
        into.put("withoutRevocation", policy.revocationWaiver());
    }

    static GpuPolicy.Builder read(JsonObject stored) throws MalformedEvidenceException {
        stored.requireOnly(MEMBERS);
        GpuPolicy.Builder builder = GpuPolicy.builder()
                .withoutReferenceValues(stored.text("withoutReferenceValues"))
                .withoutRevocation(stored.text("withoutRevocation"))
                .chainLength((int) Math.min(stored.natural("chainLength"), MAX_CHAIN_LENGTH));
        Optional<String> withoutFwid = stored.optionalText("withoutFwid");
        if (withoutFwid.isPresent()) {
            builder.withoutFwid(withoutFwid.get());
        }
        List<GpuArchitecture> architectures = new ArrayList<>();
        for (JsonNode name : stored.member("architectures")) {
            architectures.add(GpuArchitecture.valueOf(name.asText()));
        }
        if (architectures.isEmpty()) {
            throw stored.wrongMember("architectures", "at least one", "none");
        }
        return builder.architectures(
                architectures.get(0),
                architectures.subList(1, architectures.size()).toArray(new GpuArchitecture[0]));
    }
}
