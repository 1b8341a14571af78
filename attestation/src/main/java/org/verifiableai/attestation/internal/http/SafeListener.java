package org.verifiableai.attestation.internal.http;

import java.time.Duration;
import java.util.function.Consumer;

/** Keeps what a listener throws away from the work that it listens to. */
record SafeListener(FetchListener listener) implements FetchListener {

    @Override
    public void hit(String resource, Place place) {
        tell(l -> l.hit(resource, place));
    }

    @Override
    public void miss(String resource) {
        tell(l -> l.miss(resource));
    }

    @Override
    public void fetched(Fetch fetch) {
        tell(l -> l.fetched(fetch));
    }

    @Override
    public void retry(String resource, int attempt, Duration delay) {
        tell(l -> l.retry(resource, attempt, delay));
    }

    @Override
    public void cacheTrouble(String resource, String reason) {
        tell(l -> l.cacheTrouble(resource, reason));
    }

    // The listener's own trouble must neither fail a verification nor leave those waiting who share a fetch.
    private void tell(Consumer<FetchListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            return;
        }
    }
}
