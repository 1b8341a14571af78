package org.verifiableai.attestation.internal.http;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whom a client asks.
 *
 * @param name what it is called in messages, such as {@code key service}
 * @param base its address, without a slash at the end
 * @param authorization the field Authorization that goes to it and to nobody else
 */
record Server(String name, URI base, Optional<String> authorization) {

    Server(String name, URI base) {
        this(name, base, Optional.empty());
    }

    Transport.Request request(Resource resource, Question question) {
        Map<String, String> fields = new HashMap<>(question.fields());
        authorization.ifPresent(value -> fields.put("Authorization", value));
        return new Transport.Request(URI.create(base + resource.path()), fields, question.post(), resource.limit());
    }

    /** Whether this is another machine, and everybody on the way to it can listen and answer in its place. */
    boolean isOpenToOthers() {
        String host = base.getHost().toLowerCase(Locale.ROOT);
        return !"https".equalsIgnoreCase(base.getScheme())
                && !(host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
    }

    /** Name and address, and no secret. */
    @Override
    public String toString() {
        return name + " " + base;
    }
}
