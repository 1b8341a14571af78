package org.verifiableai.attestation.machine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.snp.SnpPolicy;

/**
 * The stored form of a {@link MachinePolicy}: those of its parts, without what the verifier derives. What it does not know
 * it refuses, since it may be a demand.
 */
final class MachinePolicyJson {

    private static final int MAX_LENGTH = 1024 * 1024;

    private static final String CHALLENGE_NAME = "challengeName";
    private static final String WITHOUT_FRESHNESS = "withoutFreshness";
    private static final Set<String> DERIVED_OF_SNP = Set.of("reportData", WITHOUT_FRESHNESS);
    private static final Set<String> DERIVED_OF_GPU =
            Set.of("nonce", "sampleNonce", "sampleNonceReason", WITHOUT_FRESHNESS);

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private MachinePolicyJson() {}

    static String write(MachinePolicy policy) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeFieldName("snp");
            copy(policy.snp().toJson(), DERIVED_OF_SNP, out);
            if (policy.gpu().isPresent()) {
                out.writeFieldName("gpu");
                copy(policy.gpu().get().toJson(), DERIVED_OF_GPU, out);
            }
            optional(out, "withoutGpu", policy.gpuWaiver().orElse(null));
            optional(out, "challenge", policy.challenge().map(Bytes::hex).orElse(null));
            optional(out, CHALLENGE_NAME, policy.challengeName().orElse(null));
            optional(out, WITHOUT_FRESHNESS, policy.freshnessWaiver().orElse(null));
            optional(out, "withoutCcStatement", policy.ccStatementWaiver().orElse(null));
            optional(out, "legacyKeyBinding", policy.legacyKeyBinding().orElse(null));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    static MachinePolicy read(String json) throws MalformedEvidenceException {
        if (json.length() > MAX_LENGTH) {
            throw wrong("at most " + MAX_LENGTH + " characters", json.length() + " characters");
        }
        try (JsonParser in = JSON.createParser(json)) {
            require(in.nextToken() == JsonToken.START_OBJECT, "an object", String.valueOf(in.currentToken()));
            MachinePolicy.Builder builder = MachinePolicy.builder();
            String challengeName = null;
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (name.equals(CHALLENGE_NAME)) {
                    challengeName = text(in, name);
                } else {
                    member(in, name, builder);
                }
            }
            require(in.nextToken() == null, "the end of the document", "more");
            return challengeName == null
                    ? builder.build()
                    : builder.challengeName(challengeName).build();
        } catch (IOException e) {
            throw wrong("JSON", String.valueOf(e.getMessage()));
        }
    }

    private static void member(JsonParser in, String name, MachinePolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        switch (name) {
            case "snp" -> builder.snp(SnpPolicy.fromJson(complete(in, name, DERIVED_OF_SNP)));
            case "gpu" -> builder.gpu(GpuPolicy.fromJson(complete(in, name, DERIVED_OF_GPU)));
            case "withoutGpu" -> builder.withoutGpu(text(in, name));
            case "challenge" -> builder.challenge(hex(in, name));
            case WITHOUT_FRESHNESS -> builder.withoutFreshness(text(in, name));
            case "withoutCcStatement" -> builder.withoutCcStatement(text(in, name));
            case "legacyKeyBinding" -> builder.legacyKeyBinding(text(in, name));
            default -> throw wrong("a member that is known", name);
        }
    }

    /** One part's policy with the one decision that the machine's verifier takes in its place. */
    private static String complete(JsonParser in, String part, Set<String> derived)
            throws IOException, MalformedEvidenceException {
        require(in.currentToken() == JsonToken.START_OBJECT, part + " as an object", String.valueOf(in.currentToken()));
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                require(!derived.contains(name), part + " without what the verifier derives", name);
                out.writeFieldName(name);
                in.nextToken();
                out.copyCurrentStructure(in);
            }
            out.writeStringField(WITHOUT_FRESHNESS, MachinePolicy.DERIVED);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void copy(String json, Set<String> derived, JsonGenerator out) throws IOException {
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            out.writeStartObject();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (derived.contains(name)) {
                    in.skipChildren();
                } else {
                    out.writeFieldName(name);
                    out.copyCurrentStructure(in);
                }
            }
            out.writeEndObject();
        }
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static String text(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in.currentToken() == JsonToken.VALUE_STRING, name + " as a text", String.valueOf(in.currentToken()));
        return in.getText();
    }

    private static Bytes hex(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        String text = text(in, name);
        try {
            return Bytes.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name + " as hex digits, two a byte", text);
        }
    }

    private static void require(boolean condition, String expected, String found) throws MalformedEvidenceException {
        if (!condition) {
            throw wrong(expected, found);
        }
    }

    private static MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException("machine policy", MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
