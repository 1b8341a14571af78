package org.verifiableai.attestation.snp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.JsonValues;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

/**
 * One member of a policy in JSON: how it is written where the demand is made, and which call of the builder it stands
 * for, so that reading cannot do what the builder refuses.
 */
final class PolicyMember {

    static final JsonValues VALUES = new JsonValues("snp policy");

    static final String REVOCATION = "revocation";
    static final String REVOCATION_REASON = "revocationReason";

    /** Every member, in the order in which they are written. The schema names the same. */
    static final List<PolicyMember> ALL = List.of(
            hex("reportData", d -> d.reportData, SnpPolicy.Builder::expectedReportData),
            text("withoutFreshness", d -> d.withoutFreshness, SnpPolicy.Builder::withoutFreshness),
            new PolicyMember("measurements", PolicyMember::writeMeasurements, PolicyMember::readMeasurements),
            new PolicyMember(
                    "launches",
                    (out, d) -> JsonValues.objects(
                            out,
                            "launches",
                            d.launches.values().stream()
                                    .map(LaunchConfiguration::toJson)
                                    .toList()),
                    PolicyMember::readLaunches),
            text("anyMeasurement", d -> d.anyMeasurement, SnpPolicy.Builder::anyMeasurement),
            // These two are one call, which the reader makes.
            new PolicyMember(
                    REVOCATION, (out, d) -> out.writeStringField(REVOCATION, d.revocation.name()), (in, builder) -> {}),
            text(REVOCATION_REASON, d -> d.revocationReason, (builder, reason) -> {}),
            text(
                    "productLine",
                    d -> d.productLine == null ? null : d.productLine.name(),
                    (builder, name) -> builder.productLine(ProductLine.parse(name))),
            text("allowVlek", d -> d.allowVlek, SnpPolicy.Builder::allowVlek),
            new PolicyMember(
                    "allowedCsps",
                    (out, d) -> JsonValues.array(out, "allowedCsps", d.allowedCsps),
                    (in, builder) -> VALUES.set(in, "allowedCsps", VALUES::text).forEach(builder::allowedCsp)),
            text("allowMaskedChipId", d -> d.allowMaskedChipId, SnpPolicy.Builder::allowMaskedChipId),
            hexes("allowedChips", d -> d.allowedChips, SnpPolicy.Builder::allowedChip),
            text("allowDebug", d -> d.allowDebug, SnpPolicy.Builder::allowDebug),
            text("allowMigrationAgent", d -> d.allowMigrationAgent, SnpPolicy.Builder::allowMigrationAgent),
            new PolicyMember("minimumAbi", PolicyMember::writeAbi, PolicyMember::readAbi),
            flag("refuseSmt", d -> d.refuseSmt, SnpPolicy.Builder::refuseSmt),
            flag("refuseCxl", d -> d.refuseCxl, SnpPolicy.Builder::refuseCxl),
            new PolicyMember("requireGuestPolicy", PolicyMember::writeRequirements, PolicyMember::readRequirements),
            flag(
                    "refuseUnknownGuestPolicyBits",
                    d -> d.refuseUnknownGuestPolicyBits,
                    SnpPolicy.Builder::refuseUnknownGuestPolicyBits),
            new PolicyMember("platform", PolicyMember::writePlatform, PolicyMember::readPlatform),
            flag(
                    "refuseUnknownPlatformBits",
                    d -> d.refuseUnknownPlatformBits,
                    SnpPolicy.Builder::refuseUnknownPlatformBits),
            new PolicyMember(
                    "vmpls",
                    PolicyMember::writeVmpls,
                    (in, builder) -> builder.vmpls(VALUES.set(in, "vmpls", VALUES::smallNumber))),
            hex("hostData", d -> d.hostData, SnpPolicy.Builder::hostData),
            new PolicyMember(
                    "minimumGuestSvn",
                    PolicyMember::writeGuestSvn,
                    (in, builder) -> builder.minimumGuestSvn(VALUES.number(in, "minimumGuestSvn"))),
            hex("familyId", d -> d.familyId, SnpPolicy.Builder::familyId),
            hex("imageId", d -> d.imageId, SnpPolicy.Builder::imageId),
            hex("reportId", d -> d.reportId, SnpPolicy.Builder::reportId),
            hex("reportIdMa", d -> d.reportIdMa, SnpPolicy.Builder::reportIdMa),
            flag("requireIdBlock", d -> d.requireIdBlock, SnpPolicy.Builder::requireIdBlock),
            flag("requireAuthorKey", d -> d.requireAuthorKey, SnpPolicy.Builder::requireAuthorKey),
            hexes("trustedIdKeys", d -> d.trustedIdKeys, SnpPolicy.Builder::trustedIdKey),
            hexes("trustedAuthorKeys", d -> d.trustedAuthorKeys, SnpPolicy.Builder::trustedAuthorKey),
            tcb("minimumTcb", d -> d.minimumTcb, SnpPolicy.Builder::minimumTcb, SnpPolicy.Builder::minimumTcb),
            tcb(
                    "minimumCommittedTcb",
                    d -> d.minimumCommittedTcb,
                    SnpPolicy.Builder::minimumCommittedTcb,
                    SnpPolicy.Builder::minimumCommittedTcb),
            tcb(
                    "minimumLaunchTcb",
                    d -> d.minimumLaunchTcb,
                    SnpPolicy.Builder::minimumLaunchTcb,
                    SnpPolicy.Builder::minimumLaunchTcb),
            firmware("minimumFirmware", d -> d.minimumFirmware, SnpPolicy.Builder::minimumFirmware),
            firmware(
                    "minimumCommittedFirmware",
                    d -> d.minimumCommittedFirmware,
                    SnpPolicy.Builder::minimumCommittedFirmware),
            flag(
                    "refuseProvisionalFirmware",
                    d -> d.refuseProvisionalFirmware,
                    SnpPolicy.Builder::refuseProvisionalFirmware),
            vector(
                    "requireLaunchMitigations",
                    d -> d.requireLaunchMitigations,
                    SnpPolicy.Builder::requireLaunchMitigations),
            vector(
                    "requireCurrentMitigations",
                    d -> d.requireCurrentMitigations,
                    SnpPolicy.Builder::requireCurrentMitigations));

    private final String name;
    private final Writer writer;
    private final Reader reader;

    private PolicyMember(String name, Writer writer, Reader reader) {
        this.name = name;
        this.writer = writer;
        this.reader = reader;
    }

    private interface Writer {
        void write(JsonGenerator out, Demands demands) throws IOException;
    }

    private interface Reader {
        void read(JsonParser in, SnpPolicy.Builder builder) throws IOException, MalformedEvidenceException;
    }

    private interface ByLine {
        SnpPolicy.Builder minimum(SnpPolicy.Builder builder, ProductLine line, TcbVersion tcb);
    }

    static PolicyMember named(String name) throws MalformedEvidenceException {
        for (PolicyMember member : ALL) {
            if (member.name.equals(name)) {
                return member;
            }
        }
        throw VALUES.wrong("a member of an snp policy", name);
    }

    String name() {
        return name;
    }

    void write(JsonGenerator out, Demands demands) throws IOException {
        writer.write(out, demands);
    }

    /** Reads the value on which {@code in} stands. */
    void read(JsonParser in, SnpPolicy.Builder builder) throws IOException, MalformedEvidenceException {
        try {
            reader.read(in, builder);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("snp policy " + name + ": " + e.getMessage(), e);
        }
    }

    private static PolicyMember text(
            String name, Function<Demands, @Nullable String> value, BiConsumer<SnpPolicy.Builder, String> call) {
        return new PolicyMember(
                name,
                (out, demands) -> {
                    String text = value.apply(demands);
                    if (text != null) {
                        out.writeStringField(name, text);
                    }
                },
                (in, builder) -> call.accept(builder, VALUES.text(in, name)));
    }

    private static PolicyMember hex(
            String name, Function<Demands, @Nullable Bytes> value, BiConsumer<SnpPolicy.Builder, Bytes> call) {
        return new PolicyMember(
                name,
                (out, demands) -> {
                    Bytes bytes = value.apply(demands);
                    if (bytes != null) {
                        out.writeStringField(name, bytes.hex());
                    }
                },
                (in, builder) -> call.accept(builder, VALUES.hex(in, name)));
    }

    private static PolicyMember hexes(
            String name, Function<Demands, Set<Bytes>> value, BiConsumer<SnpPolicy.Builder, Bytes> call) {
        return new PolicyMember(
                name,
                (out, demands) -> JsonValues.array(out, name, JsonValues.sortedHex(value.apply(demands))),
                (in, builder) -> VALUES.set(in, name, VALUES::hex).forEach(b -> call.accept(builder, b)));
    }

    /** Written only where the demand is made; {@code false} is read as no demand. */
    private static PolicyMember flag(String name, Predicate<Demands> value, Consumer<SnpPolicy.Builder> call) {
        return new PolicyMember(
                name,
                (out, demands) -> {
                    if (value.test(demands)) {
                        out.writeBooleanField(name, true);
                    }
                },
                (in, builder) -> {
                    if (VALUES.bool(in, name)) {
                        call.accept(builder);
                    }
                });
    }

    private static PolicyMember firmware(
            String name,
            Function<Demands, @Nullable FirmwareVersion> value,
            BiConsumer<SnpPolicy.Builder, FirmwareVersion> call) {
        return text(
                name,
                demands -> {
                    FirmwareVersion version = value.apply(demands);
                    return version == null ? null : version.toString();
                },
                (builder, text) -> call.accept(builder, FirmwareVersion.parse(text)));
    }

    private static PolicyMember vector(
            String name, ToLongFunction<Demands> value, BiConsumer<SnpPolicy.Builder, Long> call) {
        return new PolicyMember(
                name,
                (out, demands) -> {
                    long vector = value.applyAsLong(demands);
                    if (vector != 0) {
                        out.writeStringField(name, Bits.hex(vector));
                    }
                },
                (in, builder) -> call.accept(builder, VALUES.bits(in, name)));
    }

    /** A text for every line, or an object of one text for each line. */
    private static PolicyMember tcb(
            String name,
            Function<Demands, @Nullable TcbMinimum> value,
            BiConsumer<SnpPolicy.Builder, TcbVersion> everyLine,
            ByLine byLine) {
        return new PolicyMember(
                name,
                (out, demands) -> {
                    TcbMinimum minimum = value.apply(demands);
                    if (minimum == null) {
                        return;
                    }
                    if (minimum.everyLine().isPresent()) {
                        out.writeStringField(name, minimum.everyLine().get().toString());
                        return;
                    }
                    out.writeObjectFieldStart(name);
                    for (Map.Entry<ProductLine, TcbVersion> line :
                            minimum.byLine().entrySet()) {
                        out.writeStringField(
                                line.getKey().name(), line.getValue().toString());
                    }
                    out.writeEndObject();
                },
                (in, builder) -> {
                    if (in.currentToken() == JsonToken.VALUE_STRING) {
                        everyLine.accept(builder, TcbVersion.parse(in.getText()));
                        return;
                    }
                    boolean any = false;
                    VALUES.require(in, name, JsonToken.START_OBJECT, "a text, or an object by product line");
                    while (in.nextToken() != JsonToken.END_OBJECT) {
                        ProductLine line = VALUES.constant(ProductLine.class, name, in.currentName());
                        in.nextToken();
                        byLine.minimum(builder, line, TcbVersion.parse(VALUES.text(in, name)));
                        any = true;
                    }
                    if (!any) {
                        throw VALUES.wrong(name + " with at least one product line", "an empty object");
                    }
                });
    }

    private static void writeMeasurements(JsonGenerator out, Demands demands) throws IOException {
        if (demands.measurements.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("measurements");
        List<Map.Entry<Bytes, String>> sorted = new ArrayList<>(demands.measurements.entrySet());
        sorted.sort(Comparator.comparing(entry -> entry.getKey().hex()));
        for (Map.Entry<Bytes, String> entry : sorted) {
            if (entry.getValue().isEmpty()) {
                out.writeString(entry.getKey().hex());
            } else {
                out.writeStartObject();
                out.writeStringField("measurement", entry.getKey().hex());
                out.writeStringField("name", entry.getValue());
                out.writeEndObject();
            }
        }
        out.writeEndArray();
    }

    /** Each is a text, or an object with a name beside it. */
    private static void readMeasurements(JsonParser in, SnpPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        VALUES.set(in, "measurements", (parser, name) -> {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                Bytes measurement = VALUES.hex(parser, name);
                builder.measurement(measurement);
                return measurement;
            }
            String measurement = "";
            String label = "";
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String member = parser.currentName();
                parser.nextToken();
                switch (member) {
                    case "measurement" -> measurement = VALUES.text(parser, member);
                    case "name" -> label = VALUES.text(parser, member);
                    default -> throw VALUES.wrong("measurement and name within measurements", member);
                }
            }
            Bytes digest = VALUES.hex("measurement", measurement);
            builder.measurement(digest, label);
            return digest;
        });
    }

    private static void readLaunches(JsonParser in, SnpPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        VALUES.set(in, "launches", (parser, name) -> {
                    VALUES.require(parser, name, JsonToken.START_OBJECT, "objects");
                    return LaunchConfiguration.fromJson(JsonValues.copy(parser));
                })
                .forEach(builder::launch);
    }

    private static void writeAbi(JsonGenerator out, Demands demands) throws IOException {
        if (demands.minimumAbiMajor != 0 || demands.minimumAbiMinor != 0) {
            out.writeStringField("minimumAbi", demands.minimumAbiMajor + "." + demands.minimumAbiMinor);
        }
    }

    private static void readAbi(JsonParser in, SnpPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        String version = VALUES.text(in, "minimumAbi");
        if (!version.matches("[0-9]{1,3}\\.[0-9]{1,3}")) {
            throw VALUES.wrong("minimumAbi as major.minor", version);
        }
        int dot = version.indexOf('.');
        builder.minimumAbi(Integer.parseInt(version.substring(0, dot)), Integer.parseInt(version.substring(dot + 1)));
    }

    private static void writeRequirements(JsonGenerator out, Demands demands) throws IOException {
        JsonValues.array(
                out,
                "requireGuestPolicy",
                demands.requireGuestPolicy.stream().map(Enum::name).toList());
    }

    private static void readRequirements(JsonParser in, SnpPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        VALUES.set(
                        in,
                        "requireGuestPolicy",
                        (parser, name) ->
                                VALUES.constant(GuestPolicy.Requirement.class, name, VALUES.text(parser, name)))
                .forEach(builder::requireGuestPolicy);
    }

    /** True demands a feature, false refuses it. */
    private static void writePlatform(JsonGenerator out, Demands demands) throws IOException {
        if (demands.requirePlatform.isEmpty() && demands.refusePlatform.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("platform");
        for (PlatformInfo.Feature feature : PlatformInfo.Feature.values()) {
            if (demands.requirePlatform.contains(feature) || demands.refusePlatform.contains(feature)) {
                out.writeBooleanField(feature.name(), demands.requirePlatform.contains(feature));
            }
        }
        out.writeEndObject();
    }

    private static void readPlatform(JsonParser in, SnpPolicy.Builder builder)
            throws IOException, MalformedEvidenceException {
        VALUES.require(in, "platform", JsonToken.START_OBJECT, "an object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            PlatformInfo.Feature feature = VALUES.constant(PlatformInfo.Feature.class, "platform", name);
            in.nextToken();
            if (VALUES.bool(in, name)) {
                builder.requirePlatform(feature);
            } else {
                builder.refusePlatform(feature);
            }
        }
    }

    private static void writeVmpls(JsonGenerator out, Demands demands) throws IOException {
        out.writeArrayFieldStart("vmpls");
        for (int vmpl : demands.vmpls) {
            out.writeNumber(vmpl);
        }
        out.writeEndArray();
    }

    private static void writeGuestSvn(JsonGenerator out, Demands demands) throws IOException {
        if (demands.minimumGuestSvn != 0) {
            out.writeNumberField("minimumGuestSvn", demands.minimumGuestSvn);
        }
    }
}
