package org.verifiableai.manifest.data;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** What a proof adds to the records it is about, so that anybody can make their leaves. Immutable. */
public sealed interface Opening {

    /** The rule by which records become leaves. */
    LeafRule rule();

    /** {@link LeafRule#JSONL_RAW}: nothing. */
    record Raw() implements Opening {

        @Override
        public LeafRule rule() {
            return LeafRule.JSONL_RAW;
        }
    }

    /**
     * {@link LeafRule#SALTED}: the salt of each record.
     *
     * @param salts one for each record in order, 32 bytes each; at most {@link #MAX_SALTS}
     */
    record Salted(List<Bytes> salts) implements Opening {

        /** How many salted records one proof is about at most. */
        public static final int MAX_SALTS = 16_384;

        /**
         * Copies {@code salts}.
         *
         * @throws IllegalArgumentException if there are too many, or if one is not 32 bytes
         */
        public Salted {
            salts = Hashing.requireHashes("salts", salts, MAX_SALTS);
        }

        @Override
        public LeafRule rule() {
            return LeafRule.SALTED;
        }
    }

    /**
     * {@link LeafRule#CONTRIBUTOR}: whose records they all are.
     *
     * @param contributor as in {@link Contribution}
     */
    record Contributed(String contributor) implements Opening {

        /**
         * Checks the form.
         *
         * @throws IllegalArgumentException as {@link Contribution}
         */
        public Contributed {
            Contribution.requireContributor(contributor);
        }

        @Override
        public LeafRule rule() {
            return LeafRule.CONTRIBUTOR;
        }
    }

    /**
     * What a proof about some records of a file has to add.
     *
     * @param leaves how the file's records became leaves
     * @param first the first of the records, counted from 0
     * @param length how many there are
     * @throws IllegalArgumentException if they are more than one salted proof can hold, or not all of one contributor
     */
    static Opening of(Leaves leaves, long first, long length) {
        if (leaves instanceof Leaves.Contributed contributed) {
            return new Contributed(contributorOf(contributed.runs(), first, length));
        }
        if (leaves instanceof Leaves.Salted salted) {
            if (length > Salted.MAX_SALTS) {
                throw new IllegalArgumentException(
                        "range: expected at most " + Salted.MAX_SALTS + " salted records, found " + length);
            }
            List<Bytes> salts = new ArrayList<>();
            for (long index = first; index < first + length; index++) {
                salts.add(salted.secret().salt(index));
            }
            return new Salted(salts);
        }
        return new Raw();
    }

    private static String contributorOf(List<Contribution> runs, long first, long length) {
        String contributor = "";
        long end = 0;
        for (Contribution run : runs) {
            end += run.records();
            if (end <= first) {
                continue;
            }
            if (!contributor.isEmpty() && !contributor.equals(run.contributor())) {
                throw new IllegalArgumentException("range: expected records of one contributor, found some of "
                        + contributor + " and some of " + run.contributor());
            }
            contributor = run.contributor();
            if (end >= first + length) {
                return contributor;
            }
        }
        throw new IllegalArgumentException(
                "range: expected records before " + end + ", where the contributions end, found " + (first + length));
    }
}
