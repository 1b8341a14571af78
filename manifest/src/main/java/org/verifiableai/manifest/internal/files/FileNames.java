package org.verifiableai.manifest.internal.files;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * Names of files within a model: relative, with {@code /} between components, and such that they mean the same file on
 * every file system. Names are compared byte by byte and never normalised; names that some file system would take for one
 * another are refused together.
 */
public final class FileNames {

    public static final int MAX_BYTES = 1024;

    /** Deeper than any folder that is read; each folder of a name is remembered to find twins. */
    private static final int MAX_COMPONENTS = 64;

    /** By code point of the whole name, which is also the order of the UTF-8 bytes. */
    public static final Comparator<String> ORDER = FileNames::compare;

    private FileNames() {}

    /** What is wrong with {@code name}, or nothing. */
    public static Optional<String> defect(String name) {
        if (name.isEmpty() || !StrictJson.isWellFormed(name) || name.indexOf('\uFFFD') >= 0) {
            return Optional.of("valid Unicode, not empty");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("at most " + MAX_BYTES + " bytes");
        }
        if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7F || c == '\\')) {
            return Optional.of("no control character and no backslash");
        }
        if (name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0))) {
            return Optional.of("no drive letter");
        }
        if (name.chars().filter(c -> c == '/').count() >= MAX_COMPONENTS) {
            return Optional.of("at most " + MAX_COMPONENTS + " components");
        }
        for (String component : name.split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                return Optional.of("a relative path without empty, . or .. components");
            }
            // Windows drops both at the end of a component, which makes two names one file.
            if (component.endsWith(".") || component.endsWith(" ")) {
                return Optional.of("no component that ends in a dot or a space");
            }
        }
        return Optional.empty();
    }

    /** Two names, or folders above them, that differ only in case or Unicode composition. */
    public static Optional<String> twins(List<String> names) {
        Map<String, String> seen = new HashMap<>();
        for (String name : names) {
            for (int end = name.indexOf('/'); ; end = name.indexOf('/', end + 1)) {
                String path = end < 0 ? name : name.substring(0, end);
                String earlier = seen.putIfAbsent(fold(path), path);
                if (earlier != null && !earlier.equals(path)) {
                    return Optional.of(earlier + " and " + path);
                }
                if (end < 0) {
                    break;
                }
            }
        }
        return Optional.empty();
    }

    private static String fold(String path) {
        if (path.chars().allMatch(c -> c < 0x80)) {
            return path.toLowerCase(Locale.ROOT);
        }
        String composed = Normalizer.normalize(path, Normalizer.Form.NFC);
        // Both ways: some letters have one upper-case form and two lower-case ones, and the other way round.
        String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    private static int compare(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int left = a.codePointAt(i);
            int right = b.codePointAt(i);
            if (left != right) {
                return Integer.compare(left, right);
            }
            i += Character.charCount(left);
        }
        return Integer.compare(a.length(), b.length());
    }
}
