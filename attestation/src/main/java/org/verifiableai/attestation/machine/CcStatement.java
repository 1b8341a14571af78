package org.verifiableai.attestation.machine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuEvidence;

/**
 * What a guest says of the mode of its GPUs: a member {@code cc_mode} of each device in the evidence JSON, {@code on},
 * {@code ppcie}, {@code devtools} or {@code off}. NVIDIA's tools pass it over.
 *
 * <p>No device signs it. It counts since the processor's report covers the evidence JSON byte for byte, and so is the word
 * of the measured software and of nobody else.
 */
public final class CcStatement {

    private static final String MEMBER = "cc_mode";
    private static final int MAX_DOCUMENT = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 8;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_DOCUMENT)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private CcStatement() {}

    /**
     * The evidence JSON of devices that are all in one mode, for {@link KeyBinding#reportData}.
     *
     * @param devices what the devices handed over
     * @param mode what the driver said of each
     * @throws IllegalArgumentException as {@link GpuEvidence#toJson(List)} does
     */
    public static Bytes write(List<GpuEvidence> devices, CcMode mode) {
        StringWriter text = new StringWriter();
        try (JsonParser in = JSON.createParser(GpuEvidence.toJson(devices));
                JsonGenerator out = JSON.createGenerator(text)) {
            for (JsonToken next = in.nextToken(); next != null; next = in.nextToken()) {
                if (next == JsonToken.END_OBJECT) {
                    out.writeStringField(MEMBER, mode.word());
                }
                out.copyCurrentEvent(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.utf8(text.toString());
    }

    /** What is said of each device, in the document's order. Reads an array of objects, and nothing else of them. */
    static List<Optional<CcMode>> read(Bytes json) throws MalformedEvidenceException {
        List<Optional<CcMode>> modes = new ArrayList<>();
        try (JsonParser in = JSON.createParser(json.toByteArray())) {
            require(in.nextToken() == JsonToken.START_ARRAY, "an array of devices", String.valueOf(in.currentToken()));
            for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                require(next == JsonToken.START_OBJECT, "an object for each device", String.valueOf(next));
                modes.add(device(in));
            }
        } catch (IOException e) {
            throw malformed("JSON", String.valueOf(e.getMessage()));
        }
        return modes;
    }

    private static Optional<CcMode> device(JsonParser in) throws IOException, MalformedEvidenceException {
        Optional<CcMode> mode = Optional.empty();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken value = in.nextToken();
            if (name.equals(MEMBER)) {
                String word = value == JsonToken.VALUE_STRING ? in.getText() : String.valueOf(value);
                mode = CcMode.ofWord(word);
                require(mode.isPresent(), "on, ppcie, devtools or off", word);
            } else {
                in.skipChildren();
            }
        }
        return mode;
    }

    private static void require(boolean condition, String expected, String found) throws MalformedEvidenceException {
        if (!condition) {
            throw malformed(expected, found);
        }
    }

    private static MalformedEvidenceException malformed(String expected, String found) {
        return new MalformedEvidenceException(MEMBER, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
