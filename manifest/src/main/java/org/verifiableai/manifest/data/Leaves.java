package org.verifiableai.manifest.data;

import java.util.List;
import java.util.Objects;
import org.verifiableai.manifest.internal.json.StrictJson;

/** How the records of one file become leaves: a {@link LeafRule} with what it needs to know beside the file. Immutable. */
public sealed interface Leaves {

    /** The rule. */
    LeafRule rule();

    /** Records as they are. */
    static Leaves raw() {
        return new Raw();
    }

    /** Records behind salts. */
    static Leaves salted(SaltSecret secret) {
        return new Salted(secret);
    }

    /** Records with their contributors: the first run starts at the first record, and the last ends at the last. */
    static Leaves contributed(List<Contribution> runs) {
        return new Contributed(runs);
    }

    /** {@link LeafRule#JSONL_RAW}. */
    record Raw() implements Leaves {

        @Override
        public LeafRule rule() {
            return LeafRule.JSONL_RAW;
        }
    }

    /**
     * {@link LeafRule#SALTED}.
     *
     * @param secret what the salts are made from
     */
    record Salted(SaltSecret secret) implements Leaves {

        /** Needs a secret. */
        public Salted {
            Objects.requireNonNull(secret, "secret");
        }

        @Override
        public LeafRule rule() {
            return LeafRule.SALTED;
        }
    }

    /**
     * {@link LeafRule#CONTRIBUTOR}.
     *
     * @param runs who contributed what, in the order of the records
     */
    record Contributed(List<Contribution> runs) implements Leaves {

        /**
         * Copies {@code runs}.
         *
         * @throws IllegalArgumentException if they hold more than 2^53-1 records together
         */
        public Contributed {
            runs = List.copyOf(runs);
            long sum = 0;
            for (Contribution run : runs) {
                sum += run.records();
                if (sum > StrictJson.MAX_SAFE_INTEGER) {
                    throw new IllegalArgumentException("contributions: expected at most 2^53-1 records, found more");
                }
            }
        }

        @Override
        public LeafRule rule() {
            return LeafRule.CONTRIBUTOR;
        }

        /** How many records all runs hold together. */
        public long records() {
            return runs.stream().mapToLong(Contribution::records).sum();
        }
    }
}
