package org.verifiableai.attestation.nvidia;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.JsonValues;

/** A policy as JSON: its members are those of {@link GpuPolicyMember}, in that order. */
final class GpuPolicyJson {

    private static final int MAX_LENGTH = 1024 * 1024;

    /** The same lines on every operating system. */
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    private static final JsonValues VALUES = GpuPolicyMember.VALUES;

    private GpuPolicyJson() {}

    static String schema() {
        try (InputStream in = GpuPolicyJson.class.getResourceAsStream("gpu-policy.schema.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pretty(GpuDemands demands) {
        return write(demands, true);
    }

    static String compact(GpuDemands demands) {
        return write(demands, false);
    }

    private static String write(GpuDemands demands, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonValues.generator(text)) {
            if (pretty) {
                out.setPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER));
            }
            out.writeStartObject();
            for (GpuPolicyMember member : GpuPolicyMember.ALL) {
                member.write(out, demands);
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    static GpuPolicy.Builder read(String json) throws MalformedEvidenceException {
        if (json.length() > MAX_LENGTH) {
            throw VALUES.wrong("at most " + MAX_LENGTH + " characters", json.length() + " characters");
        }
        GpuPolicy.Builder builder = GpuPolicy.builder();
        try (JsonParser in = JsonValues.parser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw VALUES.wrong("a JSON object", String.valueOf(in.currentToken()));
            }
            Bytes sampleNonce = null;
            String sampleNonceReason = null;
            Set<String> seen = new HashSet<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                seen.add(name);
                in.nextToken();
                switch (name) {
                    case GpuPolicyMember.SAMPLE_NONCE -> sampleNonce = VALUES.hex(in, name);
                    case GpuPolicyMember.SAMPLE_NONCE_REASON -> sampleNonceReason = VALUES.text(in, name);
                    default -> GpuPolicyMember.named(name).read(in, builder);
                }
            }
            if (in.nextToken() != null) {
                throw VALUES.wrong("nothing after the object", String.valueOf(in.currentToken()));
            }
            // The builder lets the later call count. In a file a demand and its loosening are a contradiction.
            exclude(seen, "nonce", GpuPolicyMember.SAMPLE_NONCE);
            exclude(seen, "nonce", "withoutFreshness");
            exclude(seen, GpuPolicyMember.SAMPLE_NONCE, "withoutFreshness");
            exclude(seen, "useReferenceValuesIfAvailable", "withoutReferenceValues");
            exclude(seen, "useRevocationIfAvailable", "withoutRevocation");
            sampleNonce(builder, sampleNonce, sampleNonceReason);
        } catch (IOException e) {
            throw VALUES.wrong("JSON", String.valueOf(e.getMessage()));
        }
        return builder;
    }

    private static void sampleNonce(GpuPolicy.Builder builder, @Nullable Bytes nonce, @Nullable String reason)
            throws MalformedEvidenceException {
        if (nonce != null && reason != null) {
            builder.expectedSampleNonce(nonce, reason);
        } else if (nonce != null || reason != null) {
            throw VALUES.wrong("sampleNonce and sampleNonceReason together", "one of them");
        }
    }

    private static void exclude(Set<String> seen, String one, String other) throws MalformedEvidenceException {
        if (seen.contains(one) && seen.contains(other)) {
            throw VALUES.wrong("either " + one + " or " + other, "both");
        }
    }
}
