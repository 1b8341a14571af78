package org.verifiableai.manifest.files;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what is done and tells a listener, one call at a time and without a thread waiting for another one's call. */
final class Progress {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final HashingListener listener;
    private final long bytesTotal;
    private final int filesTotal;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger files = new AtomicInteger();
    private final ReentrantLock telling = new ReentrantLock();
    private volatile long toldAt = System.nanoTime();

    Progress(HashingListener listener, long bytesTotal, int filesTotal) {
        this.listener = listener;
        this.bytesTotal = bytesTotal;
        this.filesTotal = filesTotal;
    }

    void read(long count) {
        bytes.addAndGet(count);
        tellNowAndThen();
    }

    void fileDone() {
        files.incrementAndGet();
        tellNowAndThen();
    }

    private void tellNowAndThen() {
        if (System.nanoTime() - toldAt >= INTERVAL_NANOS && telling.tryLock()) {
            try {
                if (System.nanoTime() - toldAt >= INTERVAL_NANOS) {
                    tell();
                }
            } finally {
                telling.unlock();
            }
        }
    }

    /** Tells the listener now; while no thread is at work, or within the lock. */
    void tell() {
        listener.progress(new HashingListener.Progress(bytes.get(), bytesTotal, files.get(), filesTotal));
        toldAt = System.nanoTime();
    }
}
