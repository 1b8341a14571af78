package org.verifiableai.attestation.internal.http;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link ResourceClient}: what the builders of clients have in common, with its checks and its defaults. Not
 * thread-safe.
 */
public final class ClientSettings {

    private static final Duration MAX_DURATION = Duration.ofDays(366);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1,8192}"); // RFC 6750, section 2.1

    private Server server;
    private @Nullable HttpClient httpClient;
    private @Nullable ProxySelector proxy;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration requestTimeout = Duration.ofSeconds(10);
    private Duration deadline = Duration.ofSeconds(30);
    private Duration firstBackoff = Duration.ofSeconds(1);
    private Duration longestBackoff = Duration.ofSeconds(30);
    private Duration spacing = Duration.ofSeconds(10);
    private Duration refreshAge = Duration.ofDays(1);
    private int memoryEntries;
    private @Nullable Path cacheDirectory;
    private boolean offline;
    private boolean trusted;
    private FetchListener listener = FetchListener.NONE;
    private Clock clock = Clock.systemUTC();
    private ServiceTime time = ServiceTime.system();
    private @Nullable Transport transport;

    private ClientSettings(Server server, int memoryEntries) {
        this.server = server;
        this.memoryEntries = memoryEntries;
    }

    /**
     * The defaults.
     *
     * @param service what the service is called in messages
     * @param base its address
     * @param memoryEntries how many answers are kept in memory
     */
    public static ClientSettings of(String service, URI base, int memoryEntries) {
        return new ClientSettings(new Server(service, base), memoryEntries);
    }

    /**
     * These settings, for another service, which is not told this one's key.
     *
     * @throws IllegalArgumentException as {@link #baseUri}
     */
    public ClientSettings forService(String service, URI base, int entries) {
        ClientSettings copy = new ClientSettings(new Server(service, base), entries);
        copy.baseUri(base);
        copy.memoryEntries(entries);
        copy.httpClient = httpClient;
        copy.proxy = proxy;
        copy.connectTimeout = connectTimeout;
        copy.requestTimeout = requestTimeout;
        copy.deadline = deadline;
        copy.firstBackoff = firstBackoff;
        copy.longestBackoff = longestBackoff;
        copy.spacing = spacing;
        copy.refreshAge = refreshAge;
        copy.cacheDirectory = cacheDirectory;
        copy.offline = offline;
        copy.listener = listener;
        copy.clock = clock;
        copy.time = time;
        copy.transport = transport;
        return copy;
    }

    /**
     * Asks at this address.
     *
     * @throws IllegalArgumentException if it is not an address of http or https, or has user, query or fragment
     */
    public void baseUri(URI address) {
        String scheme = String.valueOf(address.getScheme());
        if (!(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    server.name() + " must be an http or https address without user, query and fragment, found one of "
                            + scheme + " at " + address.getHost());
        }
        String text = address.toString();
        URI base = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : address;
        server = new Server(server.name(), base, server.authorization());
    }

    /**
     * Shows the service this token, as {@code Authorization: Bearer}.
     *
     * @throws IllegalArgumentException if it is no bearer token (RFC 6750, section 2.1); the message does not have it
     */
    public void bearer(String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "service key must be a bearer token of letters, digits and ._~+/=-, found other characters or none");
        }
        server = new Server(server.name(), server.base(), Optional.of("Bearer " + token));
    }

    /**
     * Asks through this client.
     *
     * @throws IllegalArgumentException if it follows redirects, since then it could be led anywhere
     */
    public void httpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "http client must follow redirects NEVER, found " + client.followRedirects());
        }
        httpClient = client;
    }

    /** Asks through these proxies. */
    public void proxy(ProxySelector selector) {
        proxy = selector;
    }

    /** Waits so long for a connection; 5 s if this is not set. */
    public void connectTimeout(Duration timeout) {
        connectTimeout = positive("connect timeout", timeout);
    }

    /** Waits so long for one whole answer; 10 s if this is not set. */
    public void requestTimeout(Duration timeout) {
        requestTimeout = positive("request timeout", timeout);
    }

    /** Ends each call by then; 30 s if this is not set. */
    public void deadline(Duration total) {
        deadline = positive("deadline", total);
    }

    /**
     * Waits {@code first} after the first attempt and twice as long after each further one, but at most {@code longest}; 1 s
     * and 30 s if this is not set.
     */
    public void backoff(Duration first, Duration longest) {
        if (positive("longest back-off", longest).compareTo(positive("first back-off", first)) < 0) {
            throw new IllegalArgumentException(
                    "longest back-off must not be shorter than the first, " + first + ", found " + longest);
        }
        firstBackoff = first;
        longestBackoff = longest;
    }

    /** Keeps this distance between two requests for the same thing; 10 s if this is not set. */
    public void spacing(Duration shortest) {
        spacing = shortest.isZero() ? shortest : positive("spacing", shortest);
    }

    /** Asks for a newer answer, of what changes, when the one at hand is this old; 1 day if this is not set. */
    public void refreshAge(Duration age) {
        refreshAge = positive("refresh age", age);
    }

    /** Keeps so many answers in memory. */
    public void memoryEntries(int entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("memory entries must be at least 1, found " + entries);
        }
        memoryEntries = entries;
    }

    /** Keeps answers in this folder too. */
    public void cacheDirectory(Path folder) {
        cacheDirectory = folder;
    }

    /** Believes what the service says for no other reason than that its address is its own, and so needs to be sure of it. */
    public void trusted() {
        trusted = true;
    }

    /** Never touches the network. */
    public void offline() {
        offline = true;
    }

    /** Tells this listener what happens. */
    public void listener(FetchListener hears) {
        listener = hears;
    }

    /** Judges by this clock what has expired. */
    public void clock(Clock now) {
        clock = now;
    }

    /** The clock. */
    public Clock clock() {
        return clock;
    }

    /** Waits by this time. */
    public void time(ServiceTime waits) {
        time = waits;
    }

    /** Asks in this way in place of HTTP. */
    public void transport(Transport asks) {
        transport = asks;
    }

    /**
     * The client.
     *
     * @throws IllegalArgumentException if both a client and a proxy were given, or a key or what is believed would go over the
     *     network in the clear
     */
    public ResourceClient build() {
        if (httpClient != null && proxy != null) {
            throw new IllegalArgumentException("proxy must be set on the http client that was given");
        }
        if (server.isOpenToOthers() && (trusted || server.authorization().isPresent())) {
            throw new IllegalArgumentException(server.name() + " must be an https address where "
                    + (trusted ? "its answers are trusted" : "a service key is set") + ", found " + server.base());
        }
        FetchListener safe = new SafeListener(listener);
        CacheFolder folder = cacheDirectory == null ? null : new CacheFolder(cacheDirectory, safe);
        Pacing pacing = new Pacing(requestTimeout, firstBackoff, longestBackoff, spacing);
        return new ResourceClient(
                new AnswerCache(memoryEntries, folder, refreshAge),
                offline ? null : new Service(server, whoAsks(), pacing, time, clock, safe),
                deadline,
                time,
                clock,
                safe);
    }

    private Transport whoAsks() {
        if (transport != null) {
            return transport;
        }
        if (httpClient != null) {
            return new JdkTransport(httpClient);
        }
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout);
        if (proxy != null) {
            http.proxy(proxy);
        }
        return new JdkTransport(http.build());
    }

    /**
     * A duration that makes sense.
     *
     * @throws IllegalArgumentException if it is not above zero, or longer than a year
     */
    public static Duration positive(String what, Duration duration) {
        if (duration.isZero() || duration.isNegative() || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    what + " must be above zero and at most " + MAX_DURATION + ", found " + duration);
        }
        return duration;
    }
}
