package org.verifiableai.attestation.snp.collateral;

import java.time.Duration;
import org.verifiableai.attestation.internal.http.FetchListener;

/** Tells a {@link KdsListener} what its client does. */
record KdsEvents(KdsListener listener) implements FetchListener {

    @Override
    public void hit(String resource, Place place) {
        listener.hit(
                resource,
                switch (place) {
                    case MEMORY -> KdsListener.Cache.MEMORY;
                    case FOLDER -> KdsListener.Cache.DIRECTORY;
                });
    }

    @Override
    public void miss(String resource) {
        listener.miss(resource);
    }

    @Override
    public void fetched(Fetch fetch) {
        listener.fetched(new KdsListener.Fetch(
                fetch.resource(), fetch.attempt(), fetch.duration(), fetch.status(), fetch.failure()));
    }

    @Override
    public void retry(String resource, int attempt, Duration delay) {
        listener.retry(resource, attempt, delay);
    }

    @Override
    public void cacheTrouble(String resource, String reason) {
        listener.cacheTrouble(resource, reason);
    }
}
