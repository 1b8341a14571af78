package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** The demands on a report within a stored {@link ProvenancePolicy}: all but the report's data, which are derived. */
final class SnpPolicyJson {

    private static final String REPORT_DATA = "reportData";
    private static final String WITHOUT_FRESHNESS = "withoutFreshness";
    private static final int MAX_SIZE = 1 << 20;

    private SnpPolicyJson() {}

    static ObjectNode write(SnpPolicy policy) {
        try {
            ObjectNode stored = (ObjectNode) StrictJson.parse("snp policy", Bytes.utf8(policy.toJson()), MAX_SIZE);
            return stored.without(WITHOUT_FRESHNESS);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("an snp policy wrote what cannot be read", e);
        }
    }

    static SnpPolicy read(JsonObject stored) throws MalformedEvidenceException {
        for (String derived : new String[] {REPORT_DATA, WITHOUT_FRESHNESS}) {
            if (stored.has(derived)) {
                throw stored.wrongMember(derived, "no such member, since the report's data are derived", "one");
            }
        }
        ObjectNode complete = stored.node().deepCopy();
        complete.put(WITHOUT_FRESHNESS, ProvenancePolicy.DERIVED);
        return SnpPolicy.fromJson(complete.toString());
    }
}
