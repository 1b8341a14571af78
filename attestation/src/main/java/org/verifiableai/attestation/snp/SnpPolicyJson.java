package org.verifiableai.attestation.snp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;

/** A policy as JSON. Each member is one call of the builder, so that reading cannot do what the builder refuses. */
final class SnpPolicyJson {

    private static final int MAX_LENGTH = 1024 * 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SnpPolicyJson() {}

    static String write(SnpPolicy policy) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            text(out, "reportData", policy.expectedReportData().map(Bytes::hex).orElse(null));
            text(out, "withoutFreshness", policy.freshnessWaiver().orElse(null));
            digests(out, "measurements", policy.measurements());
            text(out, "anyMeasurement", policy.measurementWaiver().orElse(null));
            out.writeStringField("revocation", policy.revocation().name());
            text(out, "revocationReason", policy.revocationWaiver().orElse(null));
            text(out, "allowDebug", policy.debugWaiver().orElse(null));
            text(out, "allowMigrationAgent", policy.migrationAgentWaiver().orElse(null));
            text(out, "allowVlek", policy.vlekWaiver().orElse(null));
            text(out, "allowMaskedChipId", policy.maskedChipIdWaiver().orElse(null));
            text(out, "productLine", policy.productLine().map(ProductLine::name).orElse(null));
            text(out, "hostData", policy.hostData().map(Bytes::hex).orElse(null));
            digests(out, "trustedIdKeys", policy.trustedIdKeys());
            digests(out, "trustedAuthorKeys", policy.trustedAuthorKeys());
            out.writeArrayFieldStart("vmpls");
            for (int vmpl : new TreeSet<>(policy.vmpls())) {
                out.writeNumber(vmpl);
            }
            out.writeEndArray();
            out.writeBooleanField("refuseSmt", policy.smtRefused());
            out.writeStringField("minimumAbi", policy.minimumAbiMajor() + "." + policy.minimumAbiMinor());
            out.writeNumberField("minimumGuestSvn", policy.minimumGuestSvn());
            text(
                    out,
                    "minimumTcb",
                    policy.minimumTcb().map(TcbVersion::toString).orElse(null));
            text(
                    out,
                    "minimumCommittedTcb",
                    policy.minimumCommittedTcb().map(TcbVersion::toString).orElse(null));
            text(
                    out,
                    "minimumLaunchTcb",
                    policy.minimumLaunchTcb().map(TcbVersion::toString).orElse(null));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    static SnpPolicy.Builder read(String json) throws MalformedEvidenceException {
        if (json.length() > MAX_LENGTH) {
            throw wrong("at most " + MAX_LENGTH + " characters", json.length() + " characters");
        }
        SnpPolicy.Builder builder = SnpPolicy.builder();
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw wrong("a JSON object", String.valueOf(in.currentToken()));
            }
            Revocation revocation = Revocation.REQUIRE;
            String revocationReason = "";
            Set<String> seen = new HashSet<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                seen.add(name);
                in.nextToken();
                switch (name) {
                    case "revocation" -> revocation = revocation(text(in, name));
                    case "revocationReason" -> revocationReason = text(in, name);
                    default -> member(builder, in, name);
                }
            }
            if (in.nextToken() != null) {
                throw wrong("nothing after the object", String.valueOf(in.currentToken()));
            }
            // The builder lets the later call count. In a file a demand and its loosening are a contradiction.
            exclude(seen, "reportData", "withoutFreshness");
            exclude(seen, "measurements", "anyMeasurement");
            revocation(builder, revocation, revocationReason);
        } catch (IOException e) {
            throw wrong("JSON", String.valueOf(e.getMessage()));
        }
        return builder;
    }

    private static void member(SnpPolicy.Builder builder, JsonParser in, String name)
            throws IOException, MalformedEvidenceException {
        switch (name) {
            case "reportData" -> builder.expectedReportData(hex(in, name));
            case "withoutFreshness" -> builder.withoutFreshness(text(in, name));
            case "measurements" -> digests(in, name).forEach(builder::measurement);
            case "anyMeasurement" -> builder.anyMeasurement(text(in, name));
            case "allowDebug" -> builder.allowDebug(text(in, name));
            case "allowMigrationAgent" -> builder.allowMigrationAgent(text(in, name));
            case "allowVlek" -> builder.allowVlek(text(in, name));
            case "allowMaskedChipId" -> builder.allowMaskedChipId(text(in, name));
            case "productLine" -> builder.productLine(ProductLine.parse(text(in, name)));
            case "hostData" -> builder.hostData(hex(in, name));
            case "trustedIdKeys" -> digests(in, name).forEach(builder::trustedIdKey);
            case "trustedAuthorKeys" -> digests(in, name).forEach(builder::trustedAuthorKey);
            case "vmpls" -> builder.vmpls(numbers(in, name));
            case "refuseSmt" -> {
                if (bool(in, name)) {
                    builder.refuseSmt();
                }
            }
            case "minimumAbi" -> minimumAbi(builder, text(in, name));
            case "minimumGuestSvn" -> {
                require(in, name, JsonToken.VALUE_NUMBER_INT, "a whole number");
                builder.minimumGuestSvn(in.getLongValue());
            }
            case "minimumTcb" -> builder.minimumTcb(TcbVersion.parse(text(in, name)));
            case "minimumCommittedTcb" -> builder.minimumCommittedTcb(TcbVersion.parse(text(in, name)));
            case "minimumLaunchTcb" -> builder.minimumLaunchTcb(TcbVersion.parse(text(in, name)));
            default -> throw wrong("a member of an snp policy", name);
        }
    }

    private static void exclude(Set<String> seen, String demand, String loosening) throws MalformedEvidenceException {
        if (seen.contains(demand) && seen.contains(loosening)) {
            throw wrong("either " + demand + " or " + loosening, "both");
        }
    }

    private static Revocation revocation(String name) throws MalformedEvidenceException {
        for (Revocation revocation : Revocation.values()) {
            if (revocation.name().equals(name)) {
                return revocation;
            }
        }
        throw wrong("revocation of REQUIRE, USE_IF_AVAILABLE or OFF", name);
    }

    private static void revocation(SnpPolicy.Builder builder, Revocation revocation, String reason) {
        switch (revocation) {
            case REQUIRE -> builder.requireRevocation();
            case USE_IF_AVAILABLE -> builder.useRevocationIfAvailable(reason);
            case OFF -> builder.withoutRevocation(reason);
        }
    }

    private static void minimumAbi(SnpPolicy.Builder builder, String version) throws MalformedEvidenceException {
        if (!version.matches("[0-9]{1,3}\\.[0-9]{1,3}")) {
            throw wrong("minimumAbi as major.minor", version);
        }
        int dot = version.indexOf('.');
        builder.minimumAbi(Integer.parseInt(version.substring(0, dot)), Integer.parseInt(version.substring(dot + 1)));
    }

    private static String text(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.VALUE_STRING, "a text");
        return in.getText();
    }

    private static Bytes hex(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        return Bytes.fromHex(text(in, name));
    }

    private static boolean bool(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        if (in.currentToken() != JsonToken.VALUE_TRUE && in.currentToken() != JsonToken.VALUE_FALSE) {
            throw wrong(name + " as true or false", String.valueOf(in.currentToken()));
        }
        return in.getBooleanValue();
    }

    private static Set<Bytes> digests(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.START_ARRAY, "an array");
        Set<Bytes> digests = new HashSet<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            digests.add(hex(in, name));
        }
        // Nothing on a list of what will do reads as "nothing will do", and would be taken as "anything will".
        if (digests.isEmpty()) {
            throw wrong(name + " with at least one digest", "an empty array");
        }
        return digests;
    }

    private static Set<Integer> numbers(JsonParser in, String name) throws IOException, MalformedEvidenceException {
        require(in, name, JsonToken.START_ARRAY, "an array");
        Set<Integer> numbers = new HashSet<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            require(in, name, JsonToken.VALUE_NUMBER_INT, "whole numbers");
            numbers.add(in.getIntValue());
        }
        return numbers;
    }

    private static void require(JsonParser in, String name, JsonToken token, String expected)
            throws MalformedEvidenceException {
        if (in.currentToken() != token) {
            throw wrong(name + " as " + expected, String.valueOf(in.currentToken()));
        }
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static void digests(JsonGenerator out, String name, Set<Bytes> digests) throws IOException {
        if (!digests.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String hex : digests.stream().map(Bytes::hex).sorted().collect(Collectors.toList())) {
                out.writeString(hex);
            }
            out.writeEndArray();
        }
    }

    private static MalformedEvidenceException wrong(String expected, String found) {
        return new MalformedEvidenceException("snp policy", MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
