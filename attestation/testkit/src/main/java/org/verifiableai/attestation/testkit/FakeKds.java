package org.verifiableai.attestation.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
 *     kds.next(KdsFault.throttle("2"));
 *     client.vcek(id);
 *     assertThat(kds.requests()).hasSize(2);
 * }
 * }</pre>
 */
public final class FakeKds implements AutoCloseable {

    private static final int BACKLOG = 512;
    private static final int MAX_HEAD = 16 * 1024;
    private static final int CHUNK = 8 * 1024;
    private static final int NOT_FOUND = 404;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-kds");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Bytes> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Queue<KdsFault> next = new ArrayDeque<>();
    private @Nullable KdsFault always;

    private FakeKds(ServerSocket server) {
        this.server = server;
    }

    /** A service that has nothing yet, and answers 404. */
    public static FakeKds start() {
        try {
            FakeKds kds = new FakeKds(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
            kds.threads.execute(kds::accept);
            return kds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public URI baseUri() {
        return URI.create("http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
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
    public FakeKds next(KdsFault fault) {
        synchronized (next) {
            next.add(fault);
        }
        return this;
    }

    /** Fails every request in this way from now on, after those that {@link #next} is for. */
    public FakeKds always(KdsFault fault) {
        synchronized (next) {
            always = fault;
        }
        return this;
    }

    /** Fails no request any more. */
    public FakeKds healthy() {
        synchronized (next) {
            next.clear();
            always = null;
        }
        return this;
    }

    /** Path and query of every request so far, as they came. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many connections neither side has closed yet, as far as this side has noticed. */
    public int openConnections() {
        return open.size();
    }

    /** Hangs up on everybody and gives the port back. */
    @Override
    public void close() {
        threads.shutdownNow();
        closeQuietly(server);
        open.forEach(FakeKds::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> answer(socket));
            } catch (IOException e) {
                closeQuietly(server); // closed already, or of no use any more
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            String path = readPath(socket.getInputStream());
            requests.add(path);
            OutputStream out = socket.getOutputStream();
            Optional<Bytes> answer = Optional.ofNullable(answers.get(canonical(path)));
            Optional<KdsFault> fault = takeFault();
            if (fault.isPresent()) {
                fail(fault.get(), answer.orElse(Bytes.EMPTY), out);
            } else if (answer.isPresent()) {
                send(out, 200, "", answer.get());
            } else {
                send(out, NOT_FOUND, "", Bytes.EMPTY);
            }
        } catch (IOException e) {
            // The client hung up, or this service did: both are what tests are about.
            closeQuietly(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private Optional<KdsFault> takeFault() {
        synchronized (next) {
            return Optional.ofNullable(next.isEmpty() ? always : next.remove());
        }
    }

    private static void fail(KdsFault fault, Bytes answer, OutputStream out) throws IOException, InterruptedException {
        if (fault instanceof KdsFault.Status status) {
            send(out, status.code(), "", Bytes.EMPTY);
        } else if (fault instanceof KdsFault.Throttle throttle) {
            send(
                    out,
                    429,
                    throttle.retryAfter()
                            .map(value -> "Retry-After: " + value + "\r\n")
                            .orElse(""),
                    Bytes.EMPTY);
        } else if (fault instanceof KdsFault.Redirect redirect) {
            send(out, 307, "Location: " + redirect.target() + "\r\n", Bytes.EMPTY);
        } else if (fault instanceof KdsFault.Instead instead) {
            send(out, 200, "", instead.body());
        } else if (fault instanceof KdsFault.CutOff cutOff) {
            head(out, 200, "Content-Length: " + answer.size() + "\r\n");
            out.write(answer.slice(0, Math.min(cutOff.bytes(), answer.size())).toByteArray());
            out.flush();
        } else if (fault instanceof KdsFault.Trickle trickle) {
            head(out, 200, "Content-Length: " + answer.size() + "\r\n");
            for (byte b : answer.toByteArray()) {
                TimeUnit.NANOSECONDS.sleep(trickle.interval().toNanos());
                out.write(b);
                out.flush();
            }
        } else if (fault instanceof KdsFault.Endless) {
            head(out, 200, "");
            while (!Thread.interrupted()) {
                out.write(new byte[CHUNK]);
            }
        } else if (fault instanceof KdsFault.Silence) {
            TimeUnit.DAYS.sleep(1); // until this service is closed
        }
        // What is left is HangUp: the caller closes the socket.
    }

    private static void send(OutputStream out, int status, String fields, Bytes body) throws IOException {
        head(out, status, fields + "Content-Length: " + body.size() + "\r\n");
        out.write(body.toByteArray());
        out.flush();
    }

    private static void head(OutputStream out, int status, String fields) throws IOException {
        String head = "HTTP/1.1 " + status + " -\r\nConnection: close\r\n" + fields + "\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** The target of the request line, after all fields have been read. */
    private static String readPath(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = buffered.read();
            if (c < 0 || head.length() > MAX_HEAD) {
                throw new IOException("expected the head of a request");
            }
            head.append((char) c);
        }
        String[] requestLine = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
        if (requestLine.length != 3 || !requestLine[0].equals("GET")) {
            throw new IOException("expected a GET");
        }
        return requestLine[1];
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

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            return; // there is nothing more to close
        }
    }
}
