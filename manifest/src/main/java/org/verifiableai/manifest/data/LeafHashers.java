package org.verifiableai.manifest.data;

import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;

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
