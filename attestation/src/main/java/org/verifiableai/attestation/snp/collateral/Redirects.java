package org.verifiableai.attestation.snp.collateral;

import java.net.URI;
import java.util.Locale;
import org.verifiableai.attestation.internal.Untrusted;

/** Decides where a redirect may lead. */
final class Redirects {

    private static final int MAX_LOCATION = 200;

    private Redirects() {}

    /**
     * The target, if it is on the same server.
     *
     * @throws FailedAttempt if it leads elsewhere or nowhere
     */
    static URI follow(URI from, KdsTransport.Reply reply) throws FailedAttempt {
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
