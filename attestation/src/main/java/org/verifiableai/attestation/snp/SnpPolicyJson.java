package org.verifiableai.attestation.snp;

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
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.internal.JsonValues;

/** A policy as JSON: its members are those of {@link PolicyMember}, in that order. */
final class SnpPolicyJson {

    private static final int MAX_LENGTH = 1024 * 1024;

    /** The same lines on every operating system. */
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    private SnpPolicyJson() {}

    static String schema() {
        try (InputStream in = SnpPolicyJson.class.getResourceAsStream("snp-policy.schema.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String pretty(Demands demands) {
        return write(demands, true);
    }

    static String compact(Demands demands) {
        return write(demands, false);
    }

    private static String write(Demands demands, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonValues.generator(text)) {
            if (pretty) {
                out.setPrettyPrinter(
                        new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER));
            }
            out.writeStartObject();
            for (PolicyMember member : PolicyMember.ALL) {
                member.write(out, demands);
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    static SnpPolicy.Builder read(String json) throws MalformedEvidenceException {
        if (json.length() > MAX_LENGTH) {
            throw PolicyMember.VALUES.wrong("at most " + MAX_LENGTH + " characters", json.length() + " characters");
        }
        SnpPolicy.Builder builder = SnpPolicy.builder();
        try (JsonParser in = JsonValues.parser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw PolicyMember.VALUES.wrong("a JSON object", String.valueOf(in.currentToken()));
            }
            Revocation revocation = Revocation.REQUIRE;
            String revocationReason = "";
            Set<String> seen = new HashSet<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                seen.add(name);
                in.nextToken();
                switch (name) {
                    case PolicyMember.REVOCATION ->
                        revocation = PolicyMember.VALUES.constant(
                                Revocation.class, name, PolicyMember.VALUES.text(in, name));
                    case PolicyMember.REVOCATION_REASON -> revocationReason = PolicyMember.VALUES.text(in, name);
                    default -> PolicyMember.named(name).read(in, builder);
                }
            }
            if (in.nextToken() != null) {
                throw PolicyMember.VALUES.wrong("nothing after the object", String.valueOf(in.currentToken()));
            }
            // The builder lets the later call count. In a file a demand and its loosening are a contradiction.
            exclude(seen, "reportData", "withoutFreshness");
            exclude(seen, "measurements", "anyMeasurement");
            exclude(seen, "launches", "anyMeasurement");
            if (revocation == Revocation.REQUIRE && seen.contains(PolicyMember.REVOCATION_REASON)) {
                throw PolicyMember.VALUES.wrong("no revocationReason where revocation is required", "one");
            }
            revocation(builder, revocation, revocationReason);
        } catch (IOException e) {
            throw PolicyMember.VALUES.wrong("JSON", String.valueOf(e.getMessage()));
        }
        return builder;
    }

    private static void exclude(Set<String> seen, String demand, String loosening) throws MalformedEvidenceException {
        if (seen.contains(demand) && seen.contains(loosening)) {
            throw PolicyMember.VALUES.wrong("either " + demand + " or " + loosening, "both");
        }
    }

    private static void revocation(SnpPolicy.Builder builder, Revocation revocation, String reason) {
        switch (revocation) {
            case REQUIRE -> builder.requireRevocation();
            case USE_IF_AVAILABLE -> builder.useRevocationIfAvailable(reason);
            case OFF -> builder.withoutRevocation(reason);
        }
    }
}
