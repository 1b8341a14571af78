package org.verifiableai.chain.devnet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** JSON-RPC over HTTP for programs on this machine: it listens on the loopback address alone. */
final class LoopbackServer implements AutoCloseable {

    private static final int MAX_REQUEST = 1 << 20;
    private static final int THREADS = 16;

    private final HttpServer server;
    private final ExecutorService workers;

    private LoopbackServer(HttpServer server, ExecutorService workers) {
        this.server = server;
        this.workers = workers;
    }

    static LoopbackServer start(JsonRpc rpc, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> answer(rpc, exchange));
        // Several, so that a client that does not finish its request does not keep the others waiting.
        ExecutorService workers = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "devnet");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(workers);
        server.start();
        return new LoopbackServer(server, workers);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdown();
    }

    private static void answer(JsonRpc rpc, HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(MAX_REQUEST + 1);
            if (!exchange.getRequestMethod().equals("POST") || request.length > MAX_REQUEST) {
                exchange.sendResponseHeaders(request.length > MAX_REQUEST ? 413 : 405, -1);
                return;
            }
            byte[] answer =
                    rpc.answer(new String(request, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
