package org.verifiableai.attestation.nvidia.collateral;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads JSON of services strictly: one document, no member twice, nothing deep or large. */
final class ServiceJson {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_STRING =
            8 * 1024 * 1024; // of no more than the document, whose own limit is what counts

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .build();

    private ServiceJson() {}

    /** What is made of a document, from before its first token to after its last. */
    @FunctionalInterface
    interface Body<T> {
        T read(JsonParser in) throws IOException, MalformedEvidenceException;
    }

    static <T> T read(String what, Bytes json, int limit, Body<T> body) throws MalformedEvidenceException {
        if (json.size() > limit) {
            throw new MalformedEvidenceException(what, 0, "at most " + limit + " bytes", json.size() + " bytes");
        }
        try (JsonParser in = JSON.createParser(json.toByteArray())) {
            T value = body.read(in);
            if (in.nextToken() != null) {
                throw new MalformedEvidenceException(what, offset(in), "the end of the document", "more");
            }
            return value;
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException defect
                    ? defect.getOriginalMessage()
                    : String.valueOf(e.getMessage());
            throw new MalformedEvidenceException(what, MalformedEvidenceException.NO_OFFSET, "JSON", reason);
        }
    }

    static void expect(JsonParser in, JsonToken found, JsonToken expected, String what)
            throws MalformedEvidenceException {
        if (found != expected) {
            throw new MalformedEvidenceException("JSON", offset(in), what, String.valueOf(found));
        }
    }

    /** Padded base64 of the standard alphabet, in its only form. */
    static Bytes base64(String member, String text) throws MalformedEvidenceException {
        try {
            Bytes decoded = Bytes.of(Base64.getDecoder().decode(text));
            if (decoded.base64().equals(text)) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Said below: the decoder's own message names a character by its number.
        }
        throw new MalformedEvidenceException(
                member, MalformedEvidenceException.NO_OFFSET, "padded base64 of the standard alphabet", text);
    }

    private static long offset(JsonParser in) {
        return Math.max(in.currentTokenLocation().getByteOffset(), 0);
    }
}
