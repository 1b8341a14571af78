package org.verifiableai.attestation.nvidia;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/** Reads the table of NVIDIA's roots that comes with this module. A defect in it is a defect of the build. */
final class TrustAnchorTable {

    private static final String RESOURCE = "trust-anchors.txt";

    private TrustAnchorTable() {}

    static List<NvidiaTrustAnchor> load() {
        try (InputStream in = TrustAnchorTable.class.getResourceAsStream(RESOURCE)) {
            String text = new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
            return parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<NvidiaTrustAnchor> parse(String text) {
        List<NvidiaTrustAnchor> anchors = new ArrayList<>();
        Map<String, String> record = new HashMap<>();
        for (String line : (text + "\n\n").split("\n", -1)) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                if (!record.isEmpty()) {
                    anchors.add(anchor(record));
                    record.clear();
                }
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1
                    || record.put(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip())
                            != null) {
                throw new IllegalStateException(RESOURCE + ": expected a name of its own and a colon, found " + line);
            }
        }
        return anchors;
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
