package org.verifiableai.attestation.internal.http;

import java.net.URI;
import java.util.Locale;
import org.verifiableai.attestation.internal.Untrusted;

/** Decides where a redirect may lead. */
final class Redirects {

    private static final int MAX_LOCATION = 200;
    private static final int TEMPORARY = 307;
    private static final int PERMANENT = 308;

    private Redirects() {}

    /** Whether a status sends elsewhere. */
    static boolean is(int status) {
        return switch (status) {
            case 301, 302, 303, TEMPORARY, PERMANENT -> true;
            default -> false;
        };
    }

    /**
     * The request to make instead, if it is to the same server.
     *
     * @throws FailedAttempt if it leads elsewhere or nowhere, or would drop the body of a POST (RFC 9110, section 15.4)
     */
    static Transport.Request follow(Transport.Request request, Transport.Reply reply) throws FailedAttempt {
        boolean keepsBody = reply.status() == TEMPORARY || reply.status() == PERMANENT;
        if (request.post().isPresent() && !keepsBody) {
            throw FailedAttempt.redirected("redirected a POST by " + reply.status() + ", which would drop its body");
        }
        return request.to(target(request.uri(), reply));
    }

    private static URI target(URI from, Transport.Reply reply) throws FailedAttempt {
        String location = reply.location();
        if (location == null) {
            throw FailedAttempt.redirected("answered " + reply.status() + " without a location");
        }
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw FailedAttempt.redirected(
                    "redirected to what is no address: " + Untrusted.line(location, MAX_LOCATION));
        }
        if (!server(from).equals(server(target))) {
            throw FailedAttempt.redirected(
                    "redirected to another server, which is not followed: " + Untrusted.line(location, MAX_LOCATION));
        }
        return target;
    }

    /** Scheme, host and port. */
    private static String server(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }
}
