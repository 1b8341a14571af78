package org.verifiableai.attestation.nvidia.collateral;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ServiceTime;
import org.verifiableai.attestation.internal.http.Transport;

/**
 * How the clients of NVIDIA's services ask, wait and remember: what they have in common. Immutable.
 *
 * <p>An answer is kept in memory and, if a folder is given, on disk; threads that want the same thing make one request; and a
 * failure is tried again, with growing pauses and not before the service said in Retry-After, until the deadline of the
 * call. A call asks on the thread of its caller and is over by its deadline, whatever the service does.
 *
 * <pre>{@code
 * ServiceSettings settings = ServiceSettings.builder().cacheDirectory(Path.of("/var/cache/nvidia")).build();
 * RimClient rims = RimClient.builder().settings(settings).serviceKey(key).build();
 * OcspClient ocsp = OcspClient.builder().settings(settings).build();
 * }</pre>
 */
public final class ServiceSettings {

    private final ClientSettings settings;

    private ServiceSettings(ClientSettings settings) {
        this.settings = settings;
    }

    /** The defaults: NVIDIA over the network, answers in memory. */
    public static ServiceSettings defaults() {
        return builder().build();
    }

    /** Settings to be made, beginning with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A copy for one service. */
    ClientSettings forService(String name, URI base, int memoryEntries) {
        return settings.forService(name, base, memoryEntries);
    }

    /** Makes {@link ServiceSettings}. Not thread-safe. */
    public static final class Builder {

        private static final URI NOBODY = URI.create("https://nvidia.invalid");

        private final ClientSettings settings = ClientSettings.of("service", NOBODY, 1);

        private Builder() {
            settings.spacing(
                    Duration.ZERO); // NVIDIA states no distance; answers are kept, and failures have their pauses
        }

        /**
         * Asks through this client of the caller's: with its proxy, its connect timeout, its trust in certificates and its
         * executor.
         *
         * @throws IllegalArgumentException if it follows redirects, since then it could be led anywhere
         */
        public Builder httpClient(HttpClient client) {
            settings.httpClient(client);
            return this;
        }

        /** Asks through these proxies; the JDK's default ones if this is not set. */
        public Builder proxy(ProxySelector selector) {
            settings.proxy(selector);
            return this;
        }

        /** Waits so long for a connection; 5 s if this is not set. */
        public Builder connectTimeout(Duration timeout) {
            settings.connectTimeout(timeout);
            return this;
        }

        /** Waits so long for one whole answer; 10 s if this is not set. */
        public Builder requestTimeout(Duration timeout) {
            settings.requestTimeout(timeout);
            return this;
        }

        /** Ends each call by then, with every attempt and pause in it; 30 s if this is not set. */
        public Builder deadline(Duration total) {
            settings.deadline(total);
            return this;
        }

        /**
         * Waits {@code first} after the first attempt and twice as long after each further one, but at most
         * {@code longest}; jitter of up to a half is added. 1 s and 30 s if this is not set.
         *
         * @throws IllegalArgumentException if {@code longest} is shorter than {@code first}
         */
        public Builder backoff(Duration first, Duration longest) {
            settings.backoff(first, longest);
            return this;
        }

        /** Keeps this distance between two requests for the same thing; none if this is not set. */
        public Builder spacing(Duration shortest) {
            settings.spacing(shortest);
            return this;
        }

        /**
         * Keeps answers in this folder too, which processes may share. It is made when it is first needed. Files are
         * {@code rim/<id>.xml}, which a {@link RimDirectory} of the folder {@code rim} reads, {@code ocsp/<hex>.der} and
         * {@code jwks/<host>.json}, or {@code jwks/<hex>.json} for an address of http or with a port or a path. A file that is
         * not what its name says is ignored, and any may be deleted at any time.
         */
        public Builder cacheDirectory(Path folder) {
            settings.cacheDirectory(folder);
            return this;
        }

        /** Never touches the network: what is in no cache cannot be had. */
        public Builder offline() {
            settings.offline();
            return this;
        }

        /** Tells this listener what happens. */
        public Builder listener(ServiceListener hears) {
            settings.listener(new ServiceEvents(hears));
            return this;
        }

        /** Judges by this clock whether what is cached has expired, and dates in Retry-After. */
        public Builder clock(Clock now) {
            settings.clock(now);
            return this;
        }

        /** Waits by this time. */
        Builder time(ServiceTime waits) {
            settings.time(waits);
            return this;
        }

        /** Asks in this way in place of HTTP. */
        Builder transport(Transport asks) {
            settings.transport(asks);
            return this;
        }

        /** The settings. */
        public ServiceSettings build() {
            return new ServiceSettings(settings.forService("service", NOBODY, 1));
        }
    }
}
