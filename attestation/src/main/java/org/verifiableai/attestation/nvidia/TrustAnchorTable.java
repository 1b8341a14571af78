package org.verifiableai.attestation.nvidia;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.FactTable;

/** Reads the table of NVIDIA's roots that comes with this module. A defect in it is a defect of the build. */
final class TrustAnchorTable {

    private static final String RESOURCE = "trust-anchors.txt";
    private static final String RIM_RESOURCE = "rim-trust-anchors.txt";

    private TrustAnchorTable() {}

    static List<NvidiaTrustAnchor> load() {
        return anchors(FactTable.load(TrustAnchorTable.class, RESOURCE));
    }

    static List<NvidiaTrustAnchor> loadRim() {
        return anchors(FactTable.load(TrustAnchorTable.class, RIM_RESOURCE));
    }

    static List<NvidiaTrustAnchor> parse(String text) {
        return anchors(FactTable.parse(RESOURCE, text));
    }

    private static List<NvidiaTrustAnchor> anchors(List<Map<String, String>> records) {
        return records.stream().map(TrustAnchorTable::anchor).toList();
    }

    private static NvidiaTrustAnchor anchor(Map<String, String> record) {
        Bytes spki = Bytes.of(Base64.getDecoder().decode(value(record, "spki")));
        Bytes stated = Bytes.fromHex(value(record, "spki-sha256"));
        if (!spki.sha256().equals(stated)) {
            throw new IllegalStateException(
                    RESOURCE + ": expected the key with digest " + stated + ", found " + spki.sha256());
        }
        return new NvidiaTrustAnchor(
                value(record, "subject"),
                value(record, "serial"),
                Bytes.fromHex(value(record, "certificate-sha256")),
                spki);
    }

    private static String value(Map<String, String> record, String name) {
        return Objects.requireNonNull(record.get(name), () -> RESOURCE + ": " + name + " is missing");
    }
}
