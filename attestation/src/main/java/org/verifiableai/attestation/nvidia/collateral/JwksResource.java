package org.verifiableai.attestation.nvidia.collateral;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.Question;
import org.verifiableai.attestation.internal.http.Resource;

/**
 * The keys of an attestation service. They are not read here, beyond that there are some and each has a name.
 *
 * @param service the address of the service whose they are
 * @param longestUse for how long they may be used after they were fetched
 */
record JwksResource(URI service, Duration longestUse) implements Resource {

    private static final int MAX_SIZE = 1024 * 1024;
    private static final int MAX_KEYS = 1024;
    private static final Pattern PLAIN = Pattern.compile("https://[0-9A-Za-z.-]+/?");

    @Override
    public String path() {
        return "/.well-known/jwks.json";
    }

    @Override
    public int limit() {
        return MAX_SIZE;
    }

    /**
     * Keys are trusted by the place that they come from. Two services may share a host, by their ports or paths, and
     * neither finds the other's keys; nor does one that is asked over https find what came over http.
     */
    @Override
    public Optional<String> file() {
        String address = service.toString();
        String name = PLAIN.matcher(address).matches()
                ? service.getHost()
                : Bytes.utf8(address).sha256().hex();
        return Optional.of("jwks/" + name + ".json");
    }

    @Override
    public Question question() {
        return new Question(Map.of("Accept", "application/json"), Optional.empty(), this::read);
    }

    @Override
    public Answer read(Bytes json) throws MalformedEvidenceException {
        ServiceJson.read("key set", json, MAX_SIZE, JwksResource::check);
        return new Answer(json, List.of(json), Instant.EPOCH, Instant.MAX);
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Instant expiry(Answer answer, Instant fetched) {
        return fetched.plus(longestUse);
    }

    private static int check(JsonParser in) throws IOException, MalformedEvidenceException {
        int keys = 0;
        ServiceJson.expect(in, in.nextToken(), JsonToken.START_OBJECT, "an object");
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken value = in.nextToken();
            if (name.equals("keys")) {
                ServiceJson.expect(in, value, JsonToken.START_ARRAY, "an array of keys");
                keys = count(in);
            } else {
                in.skipChildren();
            }
        }
        if (keys == 0 || keys > MAX_KEYS) {
            throw new MalformedEvidenceException(
                    "key set", MalformedEvidenceException.NO_OFFSET, "1 to " + MAX_KEYS + " keys", keys + " keys");
        }
        return keys;
    }

    private static int count(JsonParser in) throws IOException, MalformedEvidenceException {
        int keys = 0;
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            ServiceJson.expect(in, next, JsonToken.START_OBJECT, "an object for each key");
            boolean named = false;
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                boolean text = in.nextToken() == JsonToken.VALUE_STRING;
                named |= name.equals("kid") && text;
                in.skipChildren();
            }
            if (!named) {
                throw new MalformedEvidenceException(
                        "key", MalformedEvidenceException.NO_OFFSET, "a string as kid", "none");
            }
            keys++;
        }
        return keys;
    }

    @Override
    public String toString() {
        return "keys of " + service;
    }
}
