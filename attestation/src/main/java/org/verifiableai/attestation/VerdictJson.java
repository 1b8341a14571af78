package org.verifiableai.attestation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes a verdict as JSON; member order is fixed, so that equal verdicts are equal texts. */
final class VerdictJson {

    private static final JsonFactory JSON = new JsonFactory();

    private VerdictJson() {}

    static String write(Verdict<?> verdict) {
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
                    out.writeStringField(fact.getKey(), fact.getValue());
                }
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }
}
