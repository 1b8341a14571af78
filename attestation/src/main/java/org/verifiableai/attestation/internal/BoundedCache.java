package org.verifiableai.attestation.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps up to a number of values, and of those the ones that are asked for. Thread-safe; a hit takes no lock and writes
 * nothing that other threads have to wait for.
 *
 * <p>What to drop is decided by the clock algorithm: the oldest value that nobody has asked for since it was last passed
 * over. A value that is put in takes the place of an earlier one of its key.
 *
 * @param <K> what values are kept by; its equality has to be exact
 * @param <V> what is kept
 */
public final class BoundedCache<K, V> {

    private final int capacity;
    private final Map<K, Slot<K, V>> slots = new ConcurrentHashMap<>();
    private final Deque<Slot<K, V>> hand = new ArrayDeque<>(); // guarded by lock
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * An empty cache.
     *
     * @param capacity how many values it keeps; zero for none
     */
    public BoundedCache(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("cache capacity must not be negative, found " + capacity);
        }
        this.capacity = capacity;
    }

    /** The value of {@code key}; null if none is kept. */
    public @Nullable V get(K key) {
        Slot<K, V> slot = slots.get(key);
        if (slot == null) {
            return null;
        }
        if (!slot.asked) { // read before written, so that a hot value's cache line stays shared between cores
            slot.asked = true;
        }
        return slot.value;
    }

    /** Keeps {@code value}, dropping another if there is no room. */
    public void put(K key, V value) {
        if (capacity == 0) {
            return;
        }
        lock.lock();
        try {
            Slot<K, V> known = slots.get(key);
            if (known != null) {
                known.value = value;
                return;
            }
            if (slots.size() >= capacity) {
                dropOne();
            }
            Slot<K, V> slot = new Slot<>(key, value);
            slots.put(key, slot);
            hand.addLast(slot);
        } finally {
            lock.unlock();
        }
    }

    /** How many values are kept. */
    public int size() {
        return slots.size();
    }

    private void dropOne() {
        Slot<K, V> oldest = hand.removeFirst();
        while (oldest.asked) {
            oldest.asked = false;
            hand.addLast(oldest);
            oldest = hand.removeFirst();
        }
        slots.remove(oldest.key);
    }

    private static final class Slot<K, V> {
        private final K key;
        private volatile V value;
        // Written without a lock: a lost write costs at worst one value its place.
        private volatile boolean asked;

        Slot(K key, V value) {
            this.key = key;
            this.value = value;
        }
    }
}
