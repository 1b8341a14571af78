package org.verifiableai.attestation.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * What verified certificates and lists are kept by: the exact bytes of them all. Equal only if every byte is.
 *
 * <p>Its hash reads a few bytes of each part: of a certificate the last, which belong to its signature and are random, of a
 * document some from everywhere. Since nothing is kept that no pinned authority has signed, nobody else chooses what collides.
 */
public final class ExactKey {

    private static final int HASHED = 8;
    private static final int SAMPLED = 256;

    private final List<Bytes> parts;
    private final int hash;

    private ExactKey(List<Bytes> parts, int hash) {
        this.parts = parts;
        this.hash = hash;
    }

    private static int hashOfEnds(List<Bytes> parts) {
        int sum = parts.size();
        for (Bytes part : parts) {
            sum = 31 * sum + part.size();
            for (int i = Math.max(0, part.size() - HASHED); i < part.size(); i++) {
                sum = 31 * sum + part.get(i);
            }
        }
        return sum;
    }

    /** Of one string of bytes. */
    public static ExactKey of(Bytes der) {
        return ofParts(List.of(der));
    }

    /** Of a document whose signature is somewhere in it. */
    public static ExactKey ofDocument(Bytes document) {
        int sum = document.size();
        int step = Math.max(1, document.size() / SAMPLED);
        for (int i = 0; i < document.size(); i += step) {
            sum = 31 * sum + document.get(i);
        }
        return new ExactKey(List.of(document), sum);
    }

    /** Of {@code first} and then {@code others}, in this order. */
    public static ExactKey of(Bytes first, List<Bytes> others) {
        Bytes[] parts = new Bytes[others.size() + 1];
        parts[0] = first;
        for (int i = 0; i < others.size(); i++) {
            parts[i + 1] = others.get(i);
        }
        return ofParts(List.of(parts));
    }

    private static ExactKey ofParts(List<Bytes> parts) {
        return new ExactKey(parts, hashOfEnds(parts));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExactKey that && hash == that.hash && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
