package org.verifiableai.attestation.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * What verified certificates and lists are kept by: the exact bytes of them all. Equal only if every byte is.
 *
 * <p>Its hash reads the last bytes of each part. They belong to the signature of a certificate, which is random; and since
 * nothing is kept that no pinned authority has signed, nobody else chooses what collides.
 */
public final class ExactKey {

    private static final int HASHED = 8;

    private final List<Bytes> parts;
    private final int hash;

    private ExactKey(List<Bytes> parts) {
        this.parts = parts;
        int sum = parts.size();
        for (Bytes part : parts) {
            sum = 31 * sum + part.size();
            for (int i = Math.max(0, part.size() - HASHED); i < part.size(); i++) {
                sum = 31 * sum + part.get(i);
            }
        }
        this.hash = sum;
    }

    /** Of one string of bytes. */
    public static ExactKey of(Bytes der) {
        return new ExactKey(List.of(der));
    }

    /** Of {@code first} and then {@code others}, in this order. */
    public static ExactKey of(Bytes first, List<Bytes> others) {
        Bytes[] parts = new Bytes[others.size() + 1];
        parts[0] = first;
        for (int i = 0; i < others.size(); i++) {
            parts[i + 1] = others.get(i);
        }
        return new ExactKey(List.of(parts));
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
