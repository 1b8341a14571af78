package org.verifiableai.attestation.testkit;

import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * NVIDIA's services made of software, all of them on one port of the loopback interface: it hands out manifests, answers
 * about certificates, publishes keys and judges evidence by the paths of NVIDIA's services, keeps what it is asked, and fails
 * in every way that it is told to. With it a test sees what its own deployment does when the real services are slow, busy or
 * wrong. Thread-safe.
 *
 * <pre>{@code
 * try (FakeNvidia nvidia = FakeNvidia.start().serve(id, authority.driver(gpu).xml())) {
 *     RimClient client = RimClient.builder().baseUri(nvidia.baseUri()).build();
 *     nvidia.next(ServiceFault.throttle("2"));
 *     client.rim(id);
 *     assertThat(nvidia.requests()).hasSize(2);
 * }
 * }</pre>
 */
public final class FakeNvidia implements AutoCloseable {

    private static final int UNAUTHORIZED = 401;

    private final LoopbackServer server = new LoopbackServer("fake-nvidia", this::answer);
    private final Map<String, Bytes> answers = new ConcurrentHashMap<>();
    private final List<SoftwareOcsp> responders = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<Bytes> judge = evidence -> Bytes.utf8("[[\"JWT\",\"\"],{}]");
    private volatile Optional<String> serviceKey = Optional.empty();
    private volatile Clock clock = Clock.systemUTC();

    private FakeNvidia() {}

    /** Services that have nothing yet: they answer 404, about certificates {@code unauthorized}, and judge nobody. */
    public static FakeNvidia start() {
        FakeNvidia nvidia = new FakeNvidia();
        nvidia.server.start();
        return nvidia;
    }

    /**
     * A request.
     *
     * @param method such as GET
     * @param path path and query
     * @param fields the fields of its head, by their names in lower case
     * @param body what it posts; nothing if it posts nothing
     */
    public record Request(String method, String path, Map<String, String> fields, Bytes body) {}

    /** Where all of them are. */
    public URI baseUri() {
        return server.baseUri();
    }

    /** Has this manifest. */
    public FakeNvidia serve(RimId id, Bytes xml) {
        return serve("/v1/rim/" + id, rimAnswer(id.text(), xml, xml.sha256().hex()));
    }

    /** Answers about certificates as these responders do, each for its issuer's, in place of others before. */
    public FakeNvidia answer(SoftwareOcsp... each) {
        responders.clear();
        responders.addAll(Arrays.asList(each));
        return this;
    }

    /** Publishes these keys, JSON. */
    public FakeNvidia keys(Bytes jwks) {
        return serve("/.well-known/jwks.json", jwks);
    }

    /** Judges evidence in this way: from the JSON of a request to that of an answer. */
    public FakeNvidia judge(UnaryOperator<Bytes> attestation) {
        judge = attestation;
        return this;
    }

    /** Has these bytes at this path. */
    public FakeNvidia serve(String path, Bytes body) {
        answers.put(path, body);
        return this;
    }

    /** Answers 401 to whoever does not show this key. */
    public FakeNvidia requireServiceKey(String key) {
        serviceKey = Optional.of(key);
        return this;
    }

    /** Dates answers about certificates by this clock. */
    public FakeNvidia clock(Clock now) {
        clock = now;
        return this;
    }

    /** Fails the next request that has no fault of its own yet in this way. Several form a queue. */
    public FakeNvidia next(ServiceFault fault) {
        server.next(fault);
        return this;
    }

    /** Fails every request in this way from now on, after those that {@link #next} is for. */
    public FakeNvidia always(ServiceFault fault) {
        server.always(fault);
        return this;
    }

    /** Fails no request any more. */
    public FakeNvidia healthy() {
        server.healthy();
        return this;
    }

    /** Every request so far. */
    public List<Request> requests() {
        return server.requests().stream()
                .map(request -> new Request(request.method(), request.target(), request.fields(), request.body()))
                .toList();
    }

    /** How many connections neither side has closed yet, as far as this side has noticed. */
    public int openConnections() {
        return server.openConnections();
    }

    /** Hangs up on everybody and gives the port back. */
    @Override
    public void close() {
        server.close();
    }

    /** What the RIM service says of a manifest, true or not. */
    public static Bytes rimAnswer(String id, Bytes xml, String sha256) {
        return Bytes.utf8("{\"id\":\"" + id + "\",\"rim\":\"" + xml.base64() + "\",\"sha256\":\"" + sha256
                + "\",\"last_updated\":\"2026-11-24T12:00:00.000000\",\"rim_format\":\"TCG\","
                + "\"request_id\":\"5f0a4cf2-9a6d-4b5a-9d8c-000000000000\"}");
    }

    private LoopbackServer.Reply answer(LoopbackServer.Request request) {
        Optional<String> key = serviceKey;
        String shown = request.fields().getOrDefault("authorization", "");
        if (key.isPresent() && !shown.equals("Bearer " + key.get())) {
            return new LoopbackServer.Reply(UNAUTHORIZED, Bytes.EMPTY);
        }
        return LoopbackServer.Reply.of(
                request.method().equals("POST") ? posted(request) : Optional.ofNullable(answers.get(request.target())));
    }

    private Optional<Bytes> posted(LoopbackServer.Request request) {
        return switch (request.target()) {
            case "/" -> Optional.of(SoftwareOcsp.respond(responders, request.body(), clock.instant()));
            case "/v3/attest/gpu", "/v3/attest/switch", "/v4/attest/gpu", "/v4/attest/switch" ->
                Optional.of(judge.apply(request.body()));
            default -> Optional.empty();
        };
    }
}
