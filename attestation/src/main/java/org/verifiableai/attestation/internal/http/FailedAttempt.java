package org.verifiableai.attestation.internal.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Untrusted;

/** One request that came to nothing. */
public final class FailedAttempt extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int MAX_REASON = 300;
    private static final int REDIRECTS = 300;
    private static final int SERVER_ERRORS = 500;

    private final boolean retryable;
    private final boolean reached;
    private final Duration pause;

    private FailedAttempt(
            String reason, boolean retryable, boolean reached, Duration pause, @Nullable Throwable cause) {
        super(reason, cause);
        this.retryable = retryable;
        this.reached = reached;
        this.pause = pause;
    }

    /** The service answers in its own words that it will not serve, or not now. */
    public static FailedAttempt refused(String reason, boolean retryable) {
        return new FailedAttempt(reason, retryable, true, Duration.ZERO, null);
    }

    /** No whole answer came. */
    static FailedAttempt of(IOException e) {
        boolean reached = !(e instanceof ConnectException || e instanceof HttpConnectTimeoutException);
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return new FailedAttempt(
                "gave no answer: " + Untrusted.line(message, MAX_REASON), !isDistrust(e), reached, Duration.ZERO, e);
    }

    /** An answer of success holds something else. */
    static FailedAttempt of(MalformedEvidenceException e) {
        return new FailedAttempt("answered something else: " + e.getMessage(), true, true, Duration.ZERO, e);
    }

    /** The answer is no success. */
    static FailedAttempt of(Transport.Reply reply, Resource resource, Instant now) {
        int status = reply.status();
        Duration pause = RetryAfter.parse(reply.retryAfter(), now).orElse(Duration.ZERO);
        String answered = "answered " + status
                + resource.meaning(status).map(m -> ": " + m).orElse("");
        return switch (status) {
            case 429 -> new FailedAttempt(answered + ": too many requests", true, true, pause, null);
            case 408, 425 -> new FailedAttempt(answered, true, true, pause, null);
            // A success without the thing is no refusal of it.
            default -> new FailedAttempt(answered, status < REDIRECTS || status >= SERVER_ERRORS, true, pause, null);
        };
    }

    /** A redirect that nobody follows. */
    static FailedAttempt redirected(String reason) {
        return new FailedAttempt(reason, false, true, Duration.ZERO, null);
    }

    /** Whether the same request may do better later. */
    boolean retryable() {
        return retryable;
    }

    /** Whether the service may have counted the request. */
    boolean reached() {
        return reached;
    }

    /** For how long the service asked to be left alone. */
    Duration pause() {
        return pause;
    }

    /** A server that cannot show that it is the one stays so until somebody changes something. */
    private static boolean isDistrust(Throwable e) {
        int depth = 0;
        for (Throwable cause = e; cause != null && depth < 10; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
            depth++;
        }
        return false;
    }
}
