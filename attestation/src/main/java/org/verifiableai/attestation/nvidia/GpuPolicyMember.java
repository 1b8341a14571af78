package org.verifiableai.attestation.nvidia;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.JsonValues;

/**
 * One member of a policy in JSON: how it is written where the demand is made, and which call of the builder it stands
 * for, so that reading cannot do what the builder refuses.
 */
final class GpuPolicyMember {

    static final JsonValues VALUES = new JsonValues("gpu policy");

    static final String SAMPLE_NONCE = "sampleNonce";
    static final String SAMPLE_NONCE_REASON = "sampleNonceReason";

    /** Every member, in the order in which they are written. The schema names the same. */
    static final List<GpuPolicyMember> ALL = List.of(
            new GpuPolicyMember(
                    "nonce",
                    (out, d) -> writeHex(out, "nonce", d.sampleNonceReason == null ? d.nonce : null),
                    (in, builder) -> builder.expectedNonce(VALUES.hex(in, "nonce"))),
            // These two are one call, which the reader makes.
            new GpuPolicyMember(
                    SAMPLE_NONCE,
                    (out, d) -> writeHex(out, SAMPLE_NONCE, d.sampleNonceReason == null ? null : d.nonce),
                    (in, builder) -> {}),
            text(SAMPLE_NONCE_REASON, d -> d.sampleNonceReason, (builder, reason) -> {}),
            text("withoutFreshness", d -> d.withoutFreshness, GpuPolicy.Builder::withoutFreshness),
            text(
                    "useReferenceValuesIfAvailable",
                    d -> d.useReferenceValuesIfAvailable,
                    GpuPolicy.Builder::useReferenceValuesIfAvailable),
            text("withoutReferenceValues", d -> d.withoutReferenceValues, GpuPolicy.Builder::withoutReferenceValues),
            text(
                    "useRevocationIfAvailable",
                    d -> d.useRevocationIfAvailable,
                    GpuPolicy.Builder::useRevocationIfAvailable),
            text("withoutRevocation", d -> d.withoutRevocation, GpuPolicy.Builder::withoutRevocation),
            text("allowHold", d -> d.allowHold, GpuPolicy.Builder::allowHold),
            text("withoutFwid", d -> d.withoutFwid, GpuPolicy.Builder::withoutFwid),
            constants("architectures", GpuArchitecture.class, d -> d.architectures, GpuPolicy.Builder::architectures),
            new GpuPolicyMember(
                    "chainLength",
                    (out, d) -> {
                        if (d.chainLength != GpuPolicy.DEFAULT_CHAIN_LENGTH) {
                            out.writeNumberField("chainLength", d.chainLength);
                        }
                    },
                    (in, builder) -> builder.chainLength(VALUES.smallNumber(in, "chainLength"))),
            constants("modes", FeatureFlag.class, d -> d.modes, GpuPolicy.Builder::modes),
            text(
                    "minimumDriver",
                    d -> d.minimumDriver == null ? null : d.minimumDriver.text(),
                    GpuPolicy.Builder::minimumDriver),
            new GpuPolicyMember("minimumVbios", GpuPolicyMember::writeMinimumVbios, GpuPolicyMember::readMinimumVbios),
            texts("allowedVbios", d -> d.allowedVbios, GpuPolicy.Builder::allowedVbios),
            texts("allowedUeids", d -> d.allowedUeids, GpuPolicy.Builder::allowedUeid),
            count("gpus", d -> d.gpus, GpuPolicy.Builder::gpus),
            count("switches", d -> d.switches, GpuPolicy.Builder::switches),
            new GpuPolicyMember(
                    "requireTopology",
                    (out, d) -> {
                        if (d.requireTopology) {
                            out.writeBooleanField("requireTopology", true);
                        }
                    },
                    (in, builder) -> {
                        if (VALUES.bool(in, "requireTopology")) {
                            builder.requireTopology();
                        }
                    }));

    private final String name;
    private final Writer writer;
    private final Reader reader;

    private GpuPolicyMember(String name, Writer writer, Reader reader) {
        this.name = name;
        this.writer = writer;
        this.reader = reader;
    }

    private interface Writer {
        void write(JsonGenerator out, GpuDemands demands) throws IOException;
    }

    private interface Reader {
        void read(JsonParser in, GpuPolicy.Builder builder) throws IOException, MalformedEvidenceException;
    }

    static GpuPolicyMember named(String name) throws MalformedEvidenceException {
        for (GpuPolicyMember member : ALL) {
            if (member.name.equals(name)) {
                return member;
            }
        }
        throw VALUES.wrong("a member of a gpu policy", name);
    }

    String name() {
        return name;
    }

    void write(JsonGenerator out, GpuDemands demands) throws IOException {
        writer.write(out, demands);
    }

    /** Reads the value on which {@code in} stands. */
    void read(JsonParser in, GpuPolicy.Builder builder) throws IOException, MalformedEvidenceException {
        try {
            reader.read(in, builder);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gpu policy " + name + ": " + e.getMessage(), e);
        }
    }

    private static GpuPolicyMember text(
            String name, Function<GpuDemands, @Nullable String> value, BiConsumer<GpuPolicy.Builder, String> call) {
        return new GpuPolicyMember(
                name,
                (out, demands) -> {
                    String text = value.apply(demands);
                    if (text != null) {
                        out.writeStringField(name, text);
                    }
                },
                (in, builder) -> call.accept(builder, VALUES.text(in, name)));
    }

    private static GpuPolicyMember texts(
            String name, Function<GpuDemands, Collection<String>> value, BiConsumer<GpuPolicy.Builder, String> call) {
        return new GpuPolicyMember(
                name,
                (out, demands) -> JsonValues.array(out, name, value.apply(demands)),
                (in, builder) -> VALUES.set(in, name, VALUES::text).forEach(text -> call.accept(builder, text)));
    }

    private static <E extends Enum<E>> GpuPolicyMember constants(
            String name,
            Class<E> type,
            Function<GpuDemands, Set<E>> value,
            BiConsumer<GpuPolicy.Builder, Set<E>> call) {
        return new GpuPolicyMember(
                name,
                (out, demands) -> JsonValues.array(
                        out, name, value.apply(demands).stream().map(Enum::name).toList()),
                (in, builder) -> call.accept(
                        builder,
                        VALUES.set(
                                in,
                                name,
                                (parser, member) -> VALUES.constant(type, member, VALUES.text(parser, member)))));
    }

    private static GpuPolicyMember count(
            String name, ToIntFunction<GpuDemands> value, BiConsumer<GpuPolicy.Builder, Integer> call) {
        return new GpuPolicyMember(
                name,
                (out, demands) -> {
                    int count = value.applyAsInt(demands);
                    if (count != GpuDemands.ANY) {
                        out.writeNumberField(name, count);
                    }
                },
                (in, builder) -> call.accept(builder, VALUES.smallNumber(in, name)));
    }

    private static void writeHex(JsonGenerator out, String name, @Nullable Bytes bytes) throws IOException {
        if (bytes != null) {
            out.writeStringField(name, bytes.hex());
        }
    }

    private static void writeMinimumVbios(JsonGenerator out, GpuDemands demands) throws IOException {
        if (demands.minimumVbios.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("minimumVbios");
        for (Map.Entry<GpuArchitecture, VersionNumber> minimum : demands.minimumVbios.entrySet()) {
            out.writeStringField(minimum.getKey().name(), minimum.getValue().text());
        }
        out.writeEndObject();
    }

    private static void readMinimumVbios(JsonParser in, GpuPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        VALUES.require(in, "minimumVbios", JsonToken.START_OBJECT, "an object by architecture");
        boolean any = false;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            GpuArchitecture architecture = VALUES.constant(GpuArchitecture.class, "minimumVbios", in.currentName());
            in.nextToken();
            builder.minimumVbios(architecture, VALUES.text(in, "minimumVbios"));
            any = true;
        }
        if (!any) {
            throw VALUES.wrong("minimumVbios with at least one architecture", "an empty object");
        }
    }
}
