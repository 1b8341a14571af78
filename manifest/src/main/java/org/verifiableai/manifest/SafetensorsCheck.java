package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Whether a file is a safetensors one: a header within bounds whose tensors fill the rest without hole or overlap. */
final class SafetensorsCheck {

    private static final int LENGTH_SIZE = 8;
    private static final long MAX_HEADER = 16L << 20;
    private static final String METADATA = "__metadata__";
    private static final String HEADER = "header";

    private SafetensorsCheck() {}

    /** A tensor's place among the data, in bytes. */
    private record Span(String name, long begin, long end) {}

    /** The number of tensors. */
    static int tensors(Path path, FileDigest file) throws MalformedEvidenceException, IOException {
        List<Span> spans = new ArrayList<>();
        long data;
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            byte[] length = in.readNBytes(LENGTH_SIZE);
            long size = length.length < LENGTH_SIZE
                    ? -1
                    : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            long most = Math.min(MAX_HEADER, file.size() - LENGTH_SIZE);
            if (size < 2 || size > most) {
                throw JsonObject.wrong(HEADER, "a length of 2 to " + most, Long.toUnsignedString(size));
            }
            data = file.size() - LENGTH_SIZE - size;
            Bytes json = Bytes.of(in.readNBytes((int) size));
            JsonObject header = JsonObject.of(HEADER, StrictJson.parse(HEADER, json, (int) MAX_HEADER));
            for (Iterator<String> names = header.node().fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.equals(METADATA)) {
                    spans.add(span(name, header.object(name)));
                }
            }
        }
        requireNoHole(spans, data);
        return spans.size();
    }

    private static Span span(String name, JsonObject tensor) throws MalformedEvidenceException {
        tensor.text("dtype");
        JsonNode offsets = tensor.member("data_offsets");
        if (!tensor.member("shape").isArray()
                || offsets.size() != 2
                || !offsets.get(0).isIntegralNumber()
                || !offsets.get(1).isIntegralNumber()) {
            throw JsonObject.wrong(tensor.path(), "a shape and two offsets", "another form");
        }
        return new Span(name, offsets.get(0).longValue(), offsets.get(1).longValue());
    }

    private static void requireNoHole(List<Span> spans, long data) throws MalformedEvidenceException {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        long end = 0;
        for (Span span : spans) {
            if (span.begin() != end || span.end() < end) {
                throw JsonObject.wrong(
                        HEADER + "." + span.name(), "data from " + end, span.begin() + " to " + span.end());
            }
            end = span.end();
        }
        if (end != data) {
            throw JsonObject.wrong(HEADER, "tensors of " + data + " bytes in all", String.valueOf(end));
        }
    }
}
