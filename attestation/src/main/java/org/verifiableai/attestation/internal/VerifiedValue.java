package org.verifiableai.attestation.internal;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Verified;

/**
 * The one implementation of {@link Verified}, made by {@link Appraisal} alone. Public because the Java virtual machine
 * wants it so of a permitted class in another package; the package itself is not exported.
 *
 * @param <T> what was verified
 */
public final class VerifiedValue<T> implements Verified<T> {

    private final T value;
    private final SortedMap<String, String> facts;

    VerifiedValue(T value, SortedMap<String, String> facts) {
        this.value = Objects.requireNonNull(value, "value");
        this.facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }

    @Override
    public T value() {
        return value;
    }

    @Override
    public SortedMap<String, String> facts() {
        return facts;
    }

    @Override
    public String toString() {
        return "Verified[" + value + "]";
    }
}
