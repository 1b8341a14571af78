package org.verifiableai.attestation.testkit;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.collateral.VcekId;

/**
 * A key distribution service made of software, on a port of the loopback interface: it hands out the certificates and
 * revocation lists of {@link SoftwareAmd}s by the paths of AMD's service, counts what it is asked for, and fails in every
 * way that it is told to. With it a test sees what its own deployment does when the real service is slow, busy or wrong.
 * Thread-safe.
 *
 * <pre>{@code
 * try (FakeKds kds = FakeKds.start().serve(amd).serve(platform)) {
 *     KdsClient client = KdsClient.builder().baseUri(kds.baseUri()).build();
 *     kds.next(ServiceFault.throttle("2"));
 *     client.vcek(id);
 *     assertThat(kds.requests()).hasSize(2);
 * }
 * }</pre>
 */
public final class FakeKds implements AutoCloseable {

    private final LoopbackServer server = new LoopbackServer("fake-kds", this::answer);
    private final Map<String, Bytes> answers = new ConcurrentHashMap<>();

    private FakeKds() {}

    /** A service that has nothing yet, and answers 404. */
    public static FakeKds start() {
        FakeKds kds = new FakeKds();
        kds.server.start();
        return kds;
    }

    /** Where it is. */
    public URI baseUri() {
        return server.baseUri();
    }

    /** Has the authorities of this line, and for both endpoints a list that revokes nothing. */
    public FakeKds serve(SoftwareAmd amd) {
        return serve(amd, amd.emptyRevocationList());
    }

    /** Has the authorities of this line, and for both endpoints this revocation list, DER. */
    public FakeKds serve(SoftwareAmd amd, Bytes revocationList) {
        ProductLine line = amd.productLine();
        serve("/vcek/v1/" + line.amdName() + "/cert_chain", pem(amd.ask(), amd.ark()));
        serve("/vlek/v1/" + line.amdName() + "/cert_chain", pem(amd.asvk(), amd.ark()));
        serve("/vcek/v1/" + line.amdName() + "/crl", revocationList);
        return serve("/vlek/v1/" + line.amdName() + "/crl", revocationList);
    }

    /**
     * Has the certificate of this platform's VCEK.
     *
     * @throws IllegalArgumentException if the platform signs with a VLEK, which no key service hands out
     */
    public FakeKds serve(SoftwareSnpPlatform platform) {
        Bytes vek = platform.report(Bytes.zeros(64)).vek();
        try {
            return serve(VcekId.ofCertificate(vek).path(), vek);
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("platform must sign with a VCEK: " + e.getMessage(), e);
        }
    }

    /** Has any bytes at any path; numbers in a query may be asked for in any order, with or without leading zeros. */
    public FakeKds serve(String path, Bytes body) {
        answers.put(canonical(path), body);
        return this;
    }

    /** Fails the next request that has no fault of its own yet in this way. Several form a queue. */
    public FakeKds next(ServiceFault fault) {
        server.next(fault);
        return this;
    }

    /** Fails every request in this way from now on, after those that {@link #next} is for. */
    public FakeKds always(ServiceFault fault) {
        server.always(fault);
        return this;
    }

    /** Fails no request any more. */
    public FakeKds healthy() {
        server.healthy();
        return this;
    }

    /** Path and query of every request so far, as they came. */
    public List<String> requests() {
        return server.requests().stream().map(LoopbackServer.Request::target).toList();
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

    private LoopbackServer.Reply answer(LoopbackServer.Request request) {
        return request.method().equals("GET")
                ? LoopbackServer.Reply.of(Optional.ofNullable(answers.get(canonical(request.target()))))
                : new LoopbackServer.Reply(405, Bytes.EMPTY);
    }

    private static String canonical(String path) {
        int query = path.indexOf('?');
        if (query < 0) {
            return path;
        }
        return path.substring(0, query + 1)
                + Stream.of(path.substring(query + 1).split("&", -1))
                        .map(parameter -> parameter.replaceFirst("=0+(?=[0-9])", "="))
                        .sorted()
                        .collect(Collectors.joining("&"));
    }

    private static Bytes pem(Bytes... certificates) {
        Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return Bytes.utf8(Stream.of(certificates)
                .map(der -> "-----BEGIN CERTIFICATE-----\n" + base64.encodeToString(der.toByteArray())
                        + "\n-----END CERTIFICATE-----\n")
                .collect(Collectors.joining()));
    }
}
