package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class ProvenanceFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aStatementIsRefusedOrStandsForItsBytes(byte[] input) throws MalformedEvidenceException {
        Provenance provenance;
        try {
            provenance = Provenance.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(provenance.payload()).isEqualTo(Bytes.of(input));
        assertThat(CanonicalJson.is(provenance.payload())).isTrue();
        assertThat(CanonicalJson.is(provenance.job().canonical())).isTrue();
        assertThat(provenance.adapter().dirHash1()).isEqualTo(provenance.modelDigest());
        assertThat(provenance.toString()).doesNotContain("\n");
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        Samples.provenance().payload(),
                        Samples.statement(
                                statement -> ((ObjectNode) statement.get("predicate")).put("vendor_x", "kept")),
                        Samples.statement(statement -> statement.put("predicateType", "other")))
                .map(Bytes::toByteArray)
                .toList();
    }

    /** A search whose seeds are all refused reads half of the code. */
    @Test
    void theFirstTwoSeedsAreRead() throws Exception {
        for (byte[] seed : seeds().subList(0, 2)) {
            assertThat(Provenance.parse(Bytes.of(seed)).job()).isNotNull();
        }
    }
}
