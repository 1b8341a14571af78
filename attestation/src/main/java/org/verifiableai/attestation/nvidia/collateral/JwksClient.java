package org.verifiableai.attestation.nvidia.collateral;

import java.net.URI;
import java.time.Duration;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ResourceClient;

/**
 * Gets the keys of NVIDIA's attestation service (NRAS) from the place where it publishes them. Immutable to its users and
 * thread-safe; a program needs one, and many threads may share it.
 *
 * <p>The keys are trusted because the service proves its name by its TLS certificate, and for no other reason, so that it is
 * asked over nothing but https, except on the machine itself. A set is kept in memory and, if a folder is given, on disk. It is asked for anew when it is an hour old,
 * and used for a day at most where the service cannot be asked. For a key that is not in it the service is asked at once,
 * but not more often than once a minute.
 *
 * <p>Failures are {@link EvidenceUnavailableException}, and none is cached. They are retryable where the service is down, slow,
 * busy (429), in trouble (5xx) or answers something else; and not where it refuses the request (other 4xx), leads to another
 * server, cannot prove its name, or where the client is offline.
 */
public final class JwksClient implements JwksSource {

    /** NVIDIA's service. */
    public static final URI NVIDIA = NrasClient.NVIDIA;

    private final ResourceClient client;
    private final JwksResource resource;
    private final Duration renewalSpacing;

    private JwksClient(ResourceClient client, JwksResource resource, Duration renewalSpacing) {
        this.client = client;
        this.resource = resource;
        this.renewalSpacing = renewalSpacing;
    }

    /** A client to be set up; as it stands it asks NVIDIA and keeps the keys in memory. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Bytes keys() throws EvidenceUnavailableException {
        return client.get(resource).parts().get(0);
    }

    @Override
    public Bytes newerKeys() throws EvidenceUnavailableException {
        return client.renew(resource, renewalSpacing).parts().get(0);
    }

    /** Sets up a {@link JwksClient}. Not thread-safe. */
    public static final class Builder {

        private ServiceSettings settings = ServiceSettings.defaults();
        private URI baseUri = NVIDIA;
        private Duration refreshAge = Duration.ofHours(1);
        private Duration longestUse = Duration.ofDays(1);
        private Duration renewalSpacing = Duration.ofMinutes(1);

        private Builder() {}

        /** Asks, waits and remembers in this way. */
        public Builder settings(ServiceSettings shared) {
            settings = shared;
            return this;
        }

        /** Asks this service in place of {@link JwksClient#NVIDIA}. */
        public Builder baseUri(URI address) {
            baseUri = address;
            return this;
        }

        /** Asks for the keys anew when those at hand are this old; 1 hour if this is not set. */
        public Builder refreshAge(Duration age) {
            refreshAge = age;
            return this;
        }

        /**
         * Uses keys no longer than this after they were fetched, even if the service cannot be asked, so that whoever holds
         * up the network cannot keep withdrawn keys alive; 1 day if this is not set.
         */
        public Builder longestUse(Duration age) {
            longestUse = ClientSettings.positive("longest use", age);
            return this;
        }

        /** Asks no more often than this for keys that are not in the set at hand; 1 minute if this is not set. */
        public Builder renewalSpacing(Duration shortest) {
            renewalSpacing = ClientSettings.positive("renewal spacing", shortest);
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalArgumentException if the address or an age makes no sense, or the address is none of https
         */
        public JwksClient build() {
            ClientSettings all = settings.forService("attestation service", baseUri, 1);
            all.refreshAge(refreshAge);
            all.trusted();
            return new JwksClient(all.build(), new JwksResource(baseUri, longestUse), renewalSpacing);
        }
    }
}
