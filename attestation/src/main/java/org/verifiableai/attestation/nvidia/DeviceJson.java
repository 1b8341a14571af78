package org.verifiableai.attestation.nvidia;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;

/** Writes the results of devices as JSON; member order is fixed, so that equal results are equal texts. */
final class DeviceJson {

    // What a certificate or a token says ends up on terminals, which obey more characters than JSON escapes by itself.
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private DeviceJson() {}

    static String write(List<DeviceResult> devices) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartArray();
            for (DeviceResult device : devices) {
                write(out, device);
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a string writer does not fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, DeviceResult device) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", device.name());
        text(out, "architecture", device.architecture().map(Enum::name));
        text(out, "hwmodel", device.hardwareModel());
        text(out, "ueid", device.ueid());
        text(out, "driver", device.driverVersion());
        text(out, "vbios", device.vbiosVersion());
        text(out, "nonce", device.nonce().map(Bytes::hex));
        text(out, "fwid", device.report().flatMap(r -> r.opaqueData().fwid()).map(Bytes::hex));
        text(out, "mode", device.mode().map(Enum::name));
        out.writeFieldName("measurements");
        if (device.measurements().isPresent()) {
            write(out, device.measurements().get());
        } else {
            out.writeNull();
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, MeasurementComparison comparison) throws IOException {
        out.writeStartObject();
        out.writeBooleanField("success", comparison.success());
        indices(out, "matched", comparison.matched());
        indices(
                out,
                "mismatched",
                comparison.mismatches().stream()
                        .map(MeasurementComparison.Mismatch::index)
                        .toList());
        indices(out, "skipped", comparison.skipped());
        indices(out, "conflicts", comparison.conflicts());
        out.writeArrayFieldStart("details");
        for (MeasurementComparison.Mismatch mismatch : comparison.mismatches()) {
            out.writeStartObject();
            out.writeNumberField("index", mismatch.index());
            out.writeStringField("source", mismatch.source().name().toLowerCase(Locale.ROOT));
            out.writeArrayFieldStart("expected");
            for (Bytes value : mismatch.expected()) {
                out.writeString(value.hex());
            }
            out.writeEndArray();
            text(out, "found", mismatch.found().map(Bytes::hex));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void indices(JsonGenerator out, String name, Collection<Integer> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (int value : values) {
            out.writeNumber(value);
        }
        out.writeEndArray();
    }

    private static void text(JsonGenerator out, String name, Optional<String> value) throws IOException {
        out.writeFieldName(name);
        if (value.isPresent()) {
            out.writeString(value.get());
        } else {
            out.writeNull();
        }
    }
}
