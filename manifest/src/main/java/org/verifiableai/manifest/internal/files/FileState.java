package org.verifiableai.manifest.internal.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file system says of an entry, links not followed. Two equal states mean that nothing was written, replaced or
 * renamed between them, as far as the file system's clock can tell.
 *
 * @param kind what the entry is
 * @param size in bytes
 * @param modified when its content was last written; whoever may write the file may set it
 * @param changed when anything about it last changed, which nobody can set; null where the file system does not say
 * @param key names the file however it is called; null where the file system does not say
 */
public record FileState(
        Kind kind,
        long size,
        FileTime modified,
        @Nullable FileTime changed,
        @Nullable String key) {

    /** What an entry of a folder can be. */
    public enum Kind {
        REGULAR("a regular file"),
        FOLDER("a folder"),
        LINK("a symbolic link"),
        SPECIAL("a special file");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For messages. */
        public String words() {
            return words;
        }

        /** What an entry is, by what was asked of it without following a link. */
        public static Kind of(BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                return REGULAR;
            }
            if (attributes.isDirectory()) {
                return FOLDER;
            }
            return attributes.isSymbolicLink() ? LINK : SPECIAL;
        }
    }

    static FileState of(BasicFileAttributes attributes, @Nullable FileTime changed) {
        Object key = attributes.fileKey();
        return new FileState(
                Kind.of(attributes),
                attributes.size(),
                attributes.lastModifiedTime(),
                changed,
                key == null ? null : key.toString());
    }

    /** The later of both times, in nanoseconds since 1970. */
    public long lastTouched() {
        long written = nanos(modified);
        return changed == null ? written : Math.max(written, nanos(Objects.requireNonNull(changed)));
    }

    /** Nanoseconds since 1970; times beyond what a long holds become the nearest that it does. */
    public static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
