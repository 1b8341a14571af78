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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * An HTTP server on a port of the loopback interface that counts what it is asked for, and fails in every way that it is told
 * to, as no server that means well can be made to. One request a connection. Thread-safe.
 */
final class LoopbackServer implements AutoCloseable {

    private static final int BACKLOG = 512;
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int CHUNK = 8 * 1024;

    private final ServerSocket server;
    private final Service service;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<ServiceFault> next = new ArrayDeque<>();
    private @Nullable ServiceFault always;

    LoopbackServer(String name, Service service) {
        this.service = service;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it says where it does not fail. */
    @FunctionalInterface
    interface Service {
        Reply answer(Request request);
    }

    /**
     * A request.
     *
     * @param method such as GET
     * @param target path and query
     * @param fields the fields of its head, by their names in lower case
     * @param body what follows the head
     */
    record Request(String method, String target, Map<String, String> fields, Bytes body) {}

    /**
     * An answer.
     *
     * @param status the status code
     * @param body its body
     */
    record Reply(int status, Bytes body) {

        /** 200 with a body; 404 where there is none. */
        static Reply of(Optional<Bytes> body) {
            return new Reply(body.isPresent() ? 200 : 404, body.orElse(Bytes.EMPTY));
        }
    }

    void start() {
        threads.execute(this::accept);
    }

    URI baseUri() {
        return URI.create("http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
    }

    void next(ServiceFault fault) {
        synchronized (next) {
            next.add(fault);
        }
    }

    void always(ServiceFault fault) {
        synchronized (next) {
            always = fault;
        }
    }

    void healthy() {
        synchronized (next) {
            next.clear();
            always = null;
        }
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    int openConnections() {
        return open.size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        closeQuietly(server);
        open.forEach(LoopbackServer::closeQuietly);
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
            Request request = read(socket.getInputStream());
            requests.add(request);
            OutputStream out = socket.getOutputStream();
            Reply reply = service.answer(request);
            Optional<ServiceFault> fault = takeFault();
            if (fault.isPresent()) {
                fail(fault.get(), reply.body(), out);
            } else {
                send(out, reply.status(), "", reply.body());
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

    private Optional<ServiceFault> takeFault() {
        synchronized (next) {
            return Optional.ofNullable(next.isEmpty() ? always : next.remove());
        }
    }

    private static void fail(ServiceFault fault, Bytes answer, OutputStream out)
            throws IOException, InterruptedException {
        if (fault instanceof ServiceFault.Status status) {
            send(out, status.code(), "", Bytes.EMPTY);
        } else if (fault instanceof ServiceFault.Throttle throttle) {
            send(
                    out,
                    429,
                    throttle.retryAfter()
                            .map(value -> "Retry-After: " + value + "\r\n")
                            .orElse(""),
                    Bytes.EMPTY);
        } else if (fault instanceof ServiceFault.Redirect redirect) {
            send(out, 307, "Location: " + redirect.target() + "\r\n", Bytes.EMPTY);
        } else if (fault instanceof ServiceFault.Instead instead) {
            send(out, 200, "", instead.body());
        } else if (fault instanceof ServiceFault.CutOff cutOff) {
            head(out, 200, "Content-Length: " + answer.size() + "\r\n");
            out.write(answer.slice(0, Math.min(cutOff.bytes(), answer.size())).toByteArray());
            out.flush();
        } else if (fault instanceof ServiceFault.Trickle trickle) {
            head(out, 200, "Content-Length: " + answer.size() + "\r\n");
            for (byte b : answer.toByteArray()) {
                TimeUnit.NANOSECONDS.sleep(trickle.interval().toNanos());
                out.write(b);
                out.flush();
            }
        } else if (fault instanceof ServiceFault.Endless) {
            head(out, 200, "");
            while (!Thread.interrupted()) {
                out.write(new byte[CHUNK]);
            }
        } else if (fault instanceof ServiceFault.Silence) {
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

    private static Request read(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = buffered.read();
            if (c < 0 || head.length() > MAX_HEAD) {
                throw new IOException("expected the head of a request");
            }
            head.append((char) c);
        }
        List<String> lines = head.toString().lines().toList();
        String[] requestLine = lines.get(0).split(" ", -1);
        if (requestLine.length != 3) {
            throw new IOException("expected a request");
        }
        Map<String, String> fields = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
        if (length > MAX_BODY) {
            throw new IOException("expected a smaller body");
        }
        return new Request(requestLine[0], requestLine[1], fields, Bytes.of(buffered.readNBytes(length)));
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            return; // there is nothing more to close
        }
    }
}
