package org.verifiableai.manifest.oms;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of a signed model beyond a signature that verifies. Immutable.
 *
 * <p>Files beside the listed ones are refused. What the signer left out by his own choice is refused where it hides a file
 * that a loader would read (weights, configuration, tokenizers, code); other such files are named in the verdict. What the
 * caller leaves out is the caller's word and is not looked at.
 */
public final class OmsPolicy {

    private static final OmsPolicy STANDARD = builder().build();

    private final SortedSet<String> ignored;
    private final boolean everyHiddenFileNamed;
    private final @Nullable String extraFiles;
    private final @Nullable String derHint;

    private OmsPolicy(Builder builder) {
        this.ignored = Collections.unmodifiableSortedSet(new TreeSet<>(builder.ignored));
        this.everyHiddenFileNamed = builder.everyHiddenFileNamed;
        this.extraFiles = builder.extraFiles;
        this.derHint = builder.derHint;
    }

    /** The policy without any loosening. */
    public static OmsPolicy standard() {
        return STANDARD;
    }

    /** A builder of the policy without any loosening. */
    public static Builder builder() {
        return new Builder();
    }

    /** The paths that the caller leaves out, each with what is below it. */
    public SortedSet<String> ignored() {
        return ignored;
    }

    /** Whether every file that the signer hides has to be one that the caller leaves out too. */
    public boolean everyHiddenFileNamed() {
        return everyHiddenFileNamed;
    }

    /** Why files beside the listed ones are let pass; empty if they are not. */
    public Optional<String> extraFiles() {
        return Optional.ofNullable(extraFiles);
    }

    /** Why a hint over the key's DER is let pass; empty if it is not. */
    public Optional<String> derHint() {
        return Optional.ofNullable(derHint);
    }

    /** Collects the demands. Not thread-safe. */
    public static final class Builder {

        private final SortedSet<String> ignored = new TreeSet<>();
        private boolean everyHiddenFileNamed;
        private @Nullable String extraFiles;
        private @Nullable String derHint;

        private Builder() {}

        /**
         * Leaves a path out, with everything below it. A file that the signature lists is checked all the same.
         *
         * @param path relative to the model, with {@code /} between components
         * @throws IllegalArgumentException if it is a pattern, absolute, or has empty, {@code .} or {@code ..} components
         */
        public Builder ignore(String path) {
            IgnoredPaths.defect(path).ifPresent(expected -> {
                throw new IllegalArgumentException("ignored path: expected " + expected + ", found " + path);
            });
            ignored.add(path);
            return this;
        }

        /** Refuses every file that exists and that the signer left out, unless the caller leaves it out too. */
        public Builder everyHiddenFileNamed() {
            everyHiddenFileNamed = true;
            return this;
        }

        /**
         * Lets files pass that the signature does not list.
         *
         * @param why shows in the verdict
         */
        public Builder withExtraFiles(String why) {
            extraFiles = requireReason(why);
            return this;
        }

        /**
         * Lets a hint pass that is SHA-256 over the key's DER, where the format has it over the key's PEM text.
         *
         * @param why shows in the verdict
         */
        public Builder withDerHint(String why) {
            derHint = requireReason(why);
            return this;
        }

        public OmsPolicy build() {
            return new OmsPolicy(this);
        }

        private static String requireReason(String why) {
            if (why.isBlank()) {
                throw new IllegalArgumentException("a loosening needs a reason");
            }
            return why;
        }
    }
}
