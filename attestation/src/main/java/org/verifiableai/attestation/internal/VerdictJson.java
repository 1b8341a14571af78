package org.verifiableai.attestation.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Predicate;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;

/** Writes a verdict as JSON; member order is fixed, so that equal verdicts are equal texts. */
public final class VerdictJson {

    // What a certificate or a token says ends up on terminals, which obey more characters than JSON escapes by itself.
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private VerdictJson() {}

    /** Writes what a verifier knows beside the facts of its verdict, as further members of {@code facts}. */
    public interface Members {
        /** Writes name and value of each member into the object that {@code out} stands in. */
        void write(JsonGenerator out) throws IOException;
    }

    /** The form of {@link Verdict#toJson()}. */
    public static String write(Verdict<?> verdict) {
        return write(verdict, name -> true, out -> {});
    }

    /**
     * As {@link #write(Verdict)}, with other facts.
     *
     * @param kept which of the verdict's facts are written, by name
     * @param more members that follow them, in an acceptance and in a rejection
     */
    public static String write(Verdict<?> verdict, Predicate<String> kept, Members more) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("accepted", verdict.accepted());
            out.writeArrayFieldStart("checks");
            for (CheckResult check : verdict.checks()) {
                out.writeStartObject();
                out.writeStringField("id", check.id().name());
                out.writeStringField("outcome", check.outcome().name());
                if (!check.reason().isEmpty()) {
                    out.writeStringField("reason", check.reason());
                }
                out.writeStringField("detail", check.detail());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeObjectFieldStart("facts");
            if (verdict instanceof Verdict.Accepted<?> accepted) {
                for (Map.Entry<String, String> fact :
                        accepted.verified().facts().entrySet()) {
                    if (kept.test(fact.getKey())) {
                        out.writeStringField(fact.getKey(), fact.getValue());
                    }
                }
            }
            more.write(out);
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }
}
