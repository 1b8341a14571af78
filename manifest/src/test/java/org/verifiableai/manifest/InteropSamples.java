package org.verifiableai.manifest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.signing.SigningKey;

/** What other implementations are given to read. */
public final class InteropSamples {

    private InteropSamples() {}

    /** The bytes of a whole manifest whose key is {@code key}. */
    public static Bytes provenance(SigningKey key) {
        return Provenance.of(
                        Samples.adapter(),
                        Samples.job().build(),
                        new TreeMap<>(Map.of("pytorch", "2.7.1")),
                        new Provenance.Run(
                                "urn:uuid:00000000-0000-4000-8000-000000000000", Samples.STARTED, Samples.FINISHED),
                        KeyReference.to(key),
                        List.of(new EvidenceReference("tee/snp-report", "application/x", Bytes.zeros(32))))
                .payload();
    }
}
