package org.verifiableai.attestation.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A table of facts that comes with the code, such as the keys of an authority: records of {@code name: value} lines,
 * parted by blank lines. An indented line goes on with the value above it; a line that begins with {@code #} is a comment.
 * A defect in a table is a defect of the build.
 */
public final class FactTable {

    private FactTable() {}

    /** The records of {@code resource} beside {@code owner}, in order. */
    public static List<Map<String, String>> load(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            byte[] text = Objects.requireNonNull(in, resource).readAllBytes();
            return parse(resource, new String(text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of {@code text}, in order; {@code resource} names it in messages. */
    public static List<Map<String, String>> parse(String resource, String text) {
        List<Map<String, String>> records = new ArrayList<>();
        Map<String, String> open = new LinkedHashMap<>();
        String name = "";
        for (String line : (text + "\n\n").split("\n", -1)) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                if (!open.isEmpty()) {
                    records.add(Map.copyOf(open));
                    open.clear();
                }
                continue;
            }
            if (line.startsWith(" ")) {
                open.computeIfPresent(name, (n, value) -> value + line.strip());
                continue;
            }
            int colon = line.indexOf(':');
            name = line.substring(0, Math.max(colon, 0));
            if (name.isEmpty() || open.put(name, line.substring(colon + 1).strip()) != null) {
                throw new IllegalStateException(resource + ": expected a name of its own and a colon, found " + line);
            }
        }
        return records;
    }
}
