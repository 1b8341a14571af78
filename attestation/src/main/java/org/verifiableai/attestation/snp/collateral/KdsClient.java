package org.verifiableai.attestation.snp.collateral;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ResourceClient;
import org.verifiableai.attestation.internal.http.ServiceTime;
import org.verifiableai.attestation.internal.http.Transport;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;

/**
 * Gets certificates and revocation lists from AMD's key distribution service (57230, chapter 4), or from a mirror of it.
 * Immutable to its users and thread-safe; a program needs one, and many threads, virtual ones too, may share it.
 *
 * <p>The service lets a client ask for one thing about once in ten seconds. So an answer is kept in memory and, if a folder
 * is given, on disk; threads that want the same thing make one request; requests for the same thing keep their distance;
 * and a failure is tried again, with growing pauses and not before the service said in Retry-After, until the deadline of
 * the call. A call asks on the thread of its caller and is over by its deadline, whatever the service does.
 *
 * <p>What the service says is not trusted, neither for its TLS certificate nor otherwise: every answer is signed by AMD and
 * verified by {@link org.verifiableai.attestation.snp.SnpVerifier}. The client only sees to it that an answer is by its own
 * account the one that was asked for, so that a certificate of another chip or TCB, or a page of HTML, enters no cache.
 *
 * <p>Failures are {@link EvidenceUnavailableException}, and none is cached. They are retryable where the service is down,
 * slow, busy (429), in trouble (5xx) or answers something else; and not where it does not know the chip (404), refuses the
 * request (other 4xx), leads to another server, cannot prove its name, or where the client is offline.
 *
 * <p>A report is untrusted when its certificate is fetched, so whoever sends reports decides what the service is asked for.
 * Where strangers send them, limit how many.
 *
 * <pre>{@code
 * KdsClient kds = KdsClient.builder().cacheDirectory(Path.of("/var/cache/kds")).build();
 * SnpEvidence evidence = EvidenceCompletion.from(kds).build().complete(report);
 * }</pre>
 */
public final class KdsClient implements CertificateSource {

    /** AMD's service. */
    public static final URI AMD = URI.create("https://kdsintf.amd.com");

    private final ResourceClient client;

    private KdsClient(ResourceClient client) {
        this.client = client;
    }

    /** A client to be set up; as it stands it asks AMD and keeps answers in memory. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Never empty.
     */
    @Override
    public Optional<Bytes> vcek(VcekId id) throws EvidenceUnavailableException {
        return Optional.of(get(new KdsResource.Vcek(id)).get(0));
    }

    /**
     * Fails: AMD gives a VLEK to the cloud provider that runs the machine, and to nobody else.
     *
     * @throws EvidenceUnavailableException always; not retryable
     */
    @Override
    public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) throws EvidenceUnavailableException {
        throw new EvidenceUnavailableException(
                "vlek of " + line.amdName() + " at " + tcb + ": the key service gives the certificate of a VLEK to the"
                        + " cloud provider only; it has to come with the evidence",
                false);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Never empty, and always with the ARK.
     */
    @Override
    public List<Bytes> authorities(ProductLine line, SigningKey key) throws EvidenceUnavailableException {
        return get(new KdsResource.Chain(line, Endpoint.of(key)));
    }

    /**
     * The list that the service gives out now, and never one from a cache that has expired. The service has no others,
     * whatever {@code at} is.
     */
    @Override
    public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at)
            throws EvidenceUnavailableException {
        return get(new KdsResource.Crl(line, Endpoint.of(key)));
    }

    private List<Bytes> get(KdsResource resource) throws EvidenceUnavailableException {
        return client.get(resource).parts();
    }

    /** Sets up a {@link KdsClient}. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_MEMORY_ENTRIES = 2_000;

        private final ClientSettings settings = ClientSettings.of("key service", AMD, DEFAULT_MEMORY_ENTRIES);

        private Builder() {}

        /**
         * Asks this service in place of {@link KdsClient#AMD}: a mirror, with AMD's paths below this address.
         *
         * @throws IllegalArgumentException if it is not an address of http or https, or has user, query or fragment
         */
        public Builder baseUri(URI address) {
            settings.baseUri(address);
            return this;
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

        /**
         * Keeps this distance between two requests for the same thing; 10 s, which AMD asks for, if this is not set. Zero
         * suits a mirror of one's own.
         */
        public Builder spacing(Duration shortest) {
            settings.spacing(shortest);
            return this;
        }

        /**
         * Asks for a newer revocation list or chain when the one at hand is this old; 1 day if this is not set. As long as
         * there is none, the one at hand is used until it expires.
         */
        public Builder refreshAge(Duration age) {
            settings.refreshAge(age);
            return this;
        }

        /**
         * Keeps so many VCEKs in memory, some 2 KiB each; 2000 if this is not set.
         *
         * @throws IllegalArgumentException if {@code vceks} is less than 1
         */
        public Builder memoryEntries(int vceks) {
            settings.memoryEntries(vceks);
            return this;
        }

        /**
         * Keeps answers in this folder too, which processes may share, and which {@link CertificateDirectory} reads. It is
         * made when it is first needed. Files are {@code vcek/<line>/<chip>_<tcb>.der}, {@code vcek/<line>/cert_chain.pem}
         * and {@code vcek/<line>/crl.der}, and the latter two below {@code vlek} as well; chip and TCB are the bytes of the
         * report in hex. A file that is not what its name says is ignored, and any may be deleted at any time.
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
        public Builder listener(KdsListener hears) {
            settings.listener(new KdsEvents(hears));
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

        /**
         * The client.
         *
         * @throws IllegalArgumentException if both a client and a proxy were given
         */
        public KdsClient build() {
            return new KdsClient(settings.build());
        }
    }
}
