package org.verifiableai.attestation.nvidia.collateral;

import java.time.Duration;
import org.verifiableai.attestation.internal.http.FetchListener;

/** Tells a {@link ServiceListener} what a client does. */
record ServiceEvents(ServiceListener listener) implements FetchListener {

    @Override
    public void hit(String resource, Place place) {
        listener.hit(
                resource,
                switch (place) {
                    case MEMORY -> ServiceListener.Cache.MEMORY;
                    case FOLDER -> ServiceListener.Cache.DIRECTORY;
                });
    }

    @Override
    public void miss(String resource) {
        listener.miss(resource);
    }

    @Override
    public void fetched(Fetch fetch) {
        listener.fetched(new ServiceListener.Fetch(
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
