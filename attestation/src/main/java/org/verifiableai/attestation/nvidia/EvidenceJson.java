package org.verifiableai.attestation.nvidia;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads and writes the JSON of NVIDIA's collectors. */
final class EvidenceJson {

    private static final int MAX_DOCUMENT = 16 * 1024 * 1024;
    private static final int MAX_DEVICES = 256;
    private static final int MAX_TEXT = 256 * 1024;
    private static final int MAX_DEPTH = 8;
    private static final int NONCE_OFFSET = 4;
    private static final int NONCE_END = NONCE_OFFSET + GpuReport.NONCE_SIZE;
    private static final int PEM_LINE = 64;
    private static final Pattern NONCE = Pattern.compile("[0-9a-fA-F]{64}");

    private static final String ARCH = "arch";
    private static final String NONCE_MEMBER = "nonce";
    private static final String EVIDENCE = "evidence";
    private static final String CERTIFICATE = "certificate";
    private static final Set<String> MEMBERS = Set.of(ARCH, NONCE_MEMBER, EVIDENCE, CERTIFICATE);

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_DOCUMENT)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .build())
            .build();

    private EvidenceJson() {}

    static List<GpuEvidence> read(Bytes json) throws MalformedEvidenceException {
        if (json.size() > MAX_DOCUMENT) {
            throw malformed("evidence JSON", 0, "at most " + MAX_DOCUMENT + " bytes", json.size() + " bytes");
        }
        try (JsonParser in = JSON.createParser(json.toByteArray())) {
            expect(in, in.nextToken(), JsonToken.START_ARRAY, "an array of devices");
            List<GpuEvidence> devices = new ArrayList<>();
            for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                expect(in, next, JsonToken.START_OBJECT, "an object for each device");
                if (devices.size() == MAX_DEVICES) {
                    throw malformed("evidence JSON", offset(in), "at most " + MAX_DEVICES + " devices", "more");
                }
                devices.add(device(in));
            }
            if (devices.isEmpty()) {
                throw malformed("evidence JSON", offset(in), "at least one device", "none");
            }
            if (in.nextToken() != null) {
                throw malformed("evidence JSON", offset(in), "the end of the document", "more");
            }
            return List.copyOf(devices);
        } catch (IOException e) {
            throw malformed("evidence JSON", MalformedEvidenceException.NO_OFFSET, "JSON", reason(e));
        }
    }

    static String write(List<GpuEvidence> devices) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartArray();
            for (GpuEvidence device : devices) {
                if (device.report().size() < NONCE_END) {
                    throw new IllegalArgumentException("report must be of at least " + NONCE_END + " bytes, found "
                            + device.report().size());
                }
                GpuArchitecture architecture = DeviceChain.architectureOf(device.certificates())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "certificates must be those of a device of a known architecture"));
                out.writeStartObject();
                out.writeStringField(ARCH, architecture.name());
                out.writeStringField(
                        NONCE_MEMBER,
                        device.report().slice(NONCE_OFFSET, NONCE_END).hex());
                out.writeStringField(EVIDENCE, device.report().base64());
                out.writeStringField(CERTIFICATE, pem(device.certificates()).base64());
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static GpuEvidence device(JsonParser in) throws IOException, MalformedEvidenceException {
        long start = offset(in);
        Map<String, String> members = new HashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken value = in.nextToken();
            if (MEMBERS.contains(name)) {
                expect(in, value, JsonToken.VALUE_STRING, "a string as " + name);
                members.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
        GpuArchitecture architecture = architecture(member(members, ARCH, start), start);
        String nonce = member(members, NONCE_MEMBER, start);
        Bytes report = base64(EVIDENCE, member(members, EVIDENCE, start), start);
        Bytes pem = base64(CERTIFICATE, member(members, CERTIFICATE, start), start);
        GpuEvidence evidence = GpuEvidence.of(report, pem);
        checkNonce(nonce, report, start);
        Optional<GpuArchitecture> certified = DeviceChain.architectureOf(evidence.certificates());
        if (certified.isPresent() && certified.get() != architecture) {
            throw malformed(ARCH, start, certified.get() + " as in the certificates", architecture.name());
        }
        return evidence;
    }

    private static GpuArchitecture architecture(String name, long start) throws MalformedEvidenceException {
        return GpuArchitecture.ofName(name)
                .orElseThrow(() -> malformed(ARCH, start, "HOPPER, BLACKWELL or LS10", name));
    }

    /** A report too short to have a nonce is left to the report's own parser. */
    private static void checkNonce(String nonce, Bytes report, long start) throws MalformedEvidenceException {
        if (!NONCE.matcher(nonce).matches()) {
            throw malformed(NONCE_MEMBER, start, "64 hex digits", nonce);
        }
        if (report.size() >= NONCE_END) {
            Bytes answered = report.slice(NONCE_OFFSET, NONCE_END);
            if (!answered.equals(Bytes.fromHex(nonce))) {
                throw malformed(NONCE_MEMBER, start, answered + " as in the report", nonce);
            }
        }
    }

    private static String member(Map<String, String> members, String name, long start)
            throws MalformedEvidenceException {
        String value = members.get(name);
        if (value == null) {
            throw malformed(name, start, "a member of the device that begins there", "none");
        }
        return value;
    }

    private static Bytes base64(String member, String text, long start) throws MalformedEvidenceException {
        try {
            Bytes decoded = Bytes.of(Base64.getDecoder().decode(text));
            if (decoded.base64().equals(text)) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Said below: the decoder's own message names a character by its number.
        }
        throw malformed(member, start, "padded base64 of the standard alphabet", text);
    }

    private static Bytes pem(List<Bytes> certificates) {
        Base64.Encoder encoder = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'});
        StringBuilder text = new StringBuilder();
        for (Bytes certificate : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(new String(encoder.encode(certificate.toByteArray()), StandardCharsets.US_ASCII))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return Bytes.utf8(text.toString());
    }

    private static void expect(JsonParser in, JsonToken found, JsonToken expected, String what)
            throws MalformedEvidenceException {
        if (found != expected) {
            throw malformed("evidence JSON", offset(in), what, String.valueOf(found));
        }
    }

    private static long offset(JsonParser in) {
        return Math.max(in.currentTokenLocation().getByteOffset(), 0);
    }

    private static String reason(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e.getMessage());
    }

    private static MalformedEvidenceException malformed(String field, long offset, String expected, String found) {
        return new MalformedEvidenceException(field, offset, expected, found);
    }
}
