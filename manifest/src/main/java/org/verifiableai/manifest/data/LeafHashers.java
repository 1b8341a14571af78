package org.verifiableai.manifest.data;

import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** The hasher that goes with {@link Leaves}. */
final class LeafHashers {

    private LeafHashers() {}

    /** A hasher for a file's records from the first on, each once and in order. */
    static LeafHasher of(Leaves leaves) {
        if (leaves instanceof Leaves.Contributed contributed) {
            return LeafHasher.ofDigests(new Runs(contributed.runs()));
        }
        if (leaves instanceof Leaves.Salted salted) {
            return LeafHasher.ofRecords(salted.secret().prefix());
        }
        return LeafHasher.ofRecords(LeafHasher.Prefix.none());
    }

    /** A hasher for the records that a proof is about, each once and in order. */
    static LeafHasher of(Opening opening) {
        if (opening instanceof Opening.Contributed contributed) {
            byte[] prefix = Contribution.entryPrefix(contributed.contributor()).toByteArray();
            return LeafHasher.ofDigests((index, entry) -> entry.update(prefix));
        }
        if (opening instanceof Opening.Salted salted) {
            List<Bytes> salts = salted.salts();
            return LeafHasher.ofRecords((index, entry) -> {
                // Records beyond the last salt are too many, which is refused by their number.
                if (index < salts.size()) {
                    entry.update(salts.get((int) index).toByteArray());
                }
            });
        }
        return LeafHasher.ofRecords(LeafHasher.Prefix.none());
    }

    /** Walks along the runs as the records pass. */
    private static final class Runs implements LeafHasher.Prefix {

        private final Iterator<Contribution> rest;
        private byte[] contributor = new byte[0];
        private long end;

        Runs(List<Contribution> runs) {
            this.rest = runs.iterator();
        }

        @Override
        public void add(long index, MessageDigest entry) {
            // Records beyond the last run pass for its own here. Their number is what is refused, once it is known.
            if (index >= end && rest.hasNext()) {
                Contribution run = rest.next();
                contributor = Contribution.entryPrefix(run.contributor()).toByteArray();
                end += run.records();
            }
            entry.update(contributor);
        }
    }
}
