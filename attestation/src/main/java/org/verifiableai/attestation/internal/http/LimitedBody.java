package org.verifiableai.attestation.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** Reads a body up to a limit, and none at all of an answer that is no success. */
final class LimitedBody implements HttpResponse.BodySubscriber<Bytes> {

    private final CompletableFuture<Bytes> body = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final boolean wanted;
    private final long announced;
    private final int limit;
    private Flow.@Nullable Subscription subscription;

    LimitedBody(HttpResponse.ResponseInfo head, int limit) {
        this.wanted = head.statusCode() == Transport.OK;
        this.announced = head.headers().firstValueAsLong("Content-Length").orElse(0);
        this.limit = limit;
    }

    @Override
    public CompletionStage<Bytes> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscription = source;
        if (!wanted) {
            body.complete(Bytes.EMPTY);
            source.cancel();
        } else if (announced > limit) {
            refuse(announced + " bytes");
        } else {
            source.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > limit - received.size()) {
                refuse("more");
                return;
            }
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            received.writeBytes(chunk);
        }
        if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(Bytes.of(received.toByteArray()));
    }

    private void refuse(String found) {
        body.completeExceptionally(new IOException("expected at most " + limit + " bytes, found " + found));
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
