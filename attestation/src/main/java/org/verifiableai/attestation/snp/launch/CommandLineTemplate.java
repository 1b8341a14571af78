package org.verifiableai.attestation.snp.launch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * A kernel command line with places for the hashes of disks, such as
 * {@code root=/dev/sda1 ro sda1_shasum={sda1} sdb_shasum={sdb}}. A guest that checks its disks against hashes on a measured
 * command line extends its measurement to what lies on the disks.
 *
 * <p>A place is a name in braces: a lower-case letter, then up to 31 lower-case letters, digits, {@code _} or {@code -}. A
 * brace that stands for itself is written twice. Only hashes go into places, so that nothing that fills one can add a
 * parameter to the kernel. Immutable and thread-safe.
 */
public final class CommandLineTemplate {

    /** The most characters of a template: twice what Linux takes on x86. */
    public static final int MAX_LENGTH = 4096;

    private static final int SHA256_SIZE = 32;
    private static final Pattern PART =
            Pattern.compile("\\{\\{|}}|\\{(?<name>[a-z][a-z0-9_-]{0,31})}|(?<text>[^{}]+)|(?<stray>[{}])");

    private final String text;
    private final List<Part> parts;
    private final Set<String> placeholders;

    private CommandLineTemplate(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
        Set<String> names = new TreeSet<>();
        for (Part part : parts) {
            if (part.place()) {
                names.add(part.text());
            }
        }
        this.placeholders = Collections.unmodifiableSet(names);
    }

    /** Text that stands for itself, or the name of a place. */
    private record Part(boolean place, String text) {}

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if {@code template} is longer than {@link #MAX_LENGTH}, holds a control character or
     *     half a surrogate pair, or has a brace that neither opens nor closes a place nor stands for itself
     */
    public static CommandLineTemplate parse(String template) {
        checkCharacters(template);
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(template);
        while (matcher.find()) {
            if (matcher.group("name") != null) {
                parts.add(new Part(true, matcher.group("name")));
            } else if (matcher.group("text") != null) {
                parts.add(new Part(false, matcher.group("text")));
            } else if (matcher.group("stray") != null) {
                throw new IllegalArgumentException(
                        "command line must have braces only around a name such as {sda1}, or doubled, found "
                                + matcher.group() + " at " + matcher.start());
            } else {
                parts.add(new Part(false, matcher.group().substring(1)));
            }
        }
        return new CommandLineTemplate(template, parts);
    }

    /**
     * A template without places, whose braces stand for themselves.
     *
     * @throws IllegalArgumentException if {@code commandLine}, or the template that it makes, is too long, or it holds a
     *     control character or half a surrogate pair
     */
    public static CommandLineTemplate literal(String commandLine) {
        return parse(commandLine.replace("{", "{{").replace("}", "}}"));
    }

    /** The names of the places, in order of the alphabet. */
    public Set<String> placeholders() {
        return placeholders;
    }

    /**
     * The command line with each place filled by the hash of the disk of its name, in lower-case hex.
     *
     * @param disks SHA-256 by the names of places, 32 bytes each
     * @throws IllegalArgumentException if a place has no disk, a disk has no place, or a hash is not of 32 bytes
     */
    public String fill(Map<String, Bytes> disks) {
        for (String place : placeholders) {
            if (!disks.containsKey(place)) {
                throw new IllegalArgumentException("command line needs the hash of disk " + place + ", found none");
            }
        }
        for (Map.Entry<String, Bytes> disk : disks.entrySet()) {
            if (!placeholders.contains(disk.getKey())) {
                throw new IllegalArgumentException("command line must have a place for each disk, found none for "
                        + Untrusted.line(disk.getKey(), 32));
            }
            if (disk.getValue().size() != SHA256_SIZE) {
                throw new IllegalArgumentException("hash of disk " + disk.getKey() + " must be of " + SHA256_SIZE
                        + " bytes, found " + disk.getValue().size());
            }
        }
        StringBuilder line = new StringBuilder();
        for (Part part : parts) {
            if (part.place()) {
                line.append(disks.getOrDefault(part.text(), Bytes.EMPTY).hex());
            } else {
                line.append(part.text());
            }
        }
        return line.toString();
    }

    private static void checkCharacters(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "command line must be at most " + MAX_LENGTH + " characters, found " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            // A NUL would end it; a line feed is what a file has behind it and the kernel was not given.
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(String.format(
                        "command line must hold no control characters, found 0x%02x at %d", (int) text.charAt(i), i));
            }
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("command line must be of whole characters, found half a surrogate pair");
        }
    }

    /** Templates are equal if their texts are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CommandLineTemplate that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The template as {@link #parse} reads it. */
    @Override
    public String toString() {
        return text;
    }
}
