package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.verifiableai.attestation.Bytes;

/** The JDK's HTTP client, bounded in size and time. */
record JdkTransport(HttpClient client) implements Transport {

    @Override
    public Reply send(Request request, Duration timeout) throws IOException, InterruptedException {
        // The timeout of a request ends with the headers. A body that trickles is cut off by waiting no longer for it.
        CompletableFuture<HttpResponse<Bytes>> exchange =
                client.sendAsync(build(request, timeout), head -> new LimitedBody(head, request.limit()));
        try {
            HttpResponse<Bytes> response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            HttpHeaders headers = response.headers();
            return new Reply(
                    response.statusCode(),
                    headers.firstValue("Retry-After").orElse(null),
                    headers.firstValue("Location").orElse(null),
                    response.body());
        } catch (TimeoutException e) {
            HttpTimeoutException timedOut = new HttpTimeoutException("no whole answer within " + timeout);
            timedOut.initCause(e);
            throw timedOut;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getCause());
        } finally {
            exchange.cancel(true); // closes the connection of an exchange that is still running
        }
    }

    private static HttpRequest build(Request request, Duration timeout) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri()).timeout(timeout);
        request.fields().forEach(builder::header);
        return request.post()
                .map(body -> builder.POST(BodyPublishers.ofByteArray(body.toByteArray())))
                .orElseGet(builder::GET)
                .build();
    }
}
