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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Pem;

/** Reads the JSON in which evidence travels, and writes that of NVIDIA's collectors. */
final class EvidenceJson {

    private static final int MAX_DOCUMENT = 16 * 1024 * 1024;
    private static final int MAX_DEVICES = 256;
    private static final int MAX_TEXT = 256 * 1024;
    private static final int MAX_DEPTH = 8;
    private static final int NONCE_OFFSET = 4;
    private static final int NONCE_END = NONCE_OFFSET + GpuReport.NONCE_SIZE;
    // A report in base64 is never of hex digits alone: its first four bytes are those of every report, and make a
    // slash.
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern NONCE = Pattern.compile("[0-9a-fA-F]{64}");

    private static final String EVIDENCE = "evidence";
    private static final String CERTIFICATE = "certificate";
    private static final Set<String> OUTER = Set.of(EvidenceForm.ARCH, EvidenceForm.NONCE);
    private static final Set<String> MEMBERS = Set.of(EvidenceForm.ARCH, EvidenceForm.NONCE, EVIDENCE, CERTIFICATE);

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
        requireUtf8(json);
        try (JsonParser in = JSON.createParser(json.toByteArray())) {
            Document document = document(in);
            if (in.nextToken() != null) {
                throw malformed("evidence JSON", offset(in), "the end of the document", "more");
            }
            return document.devices();
        } catch (IOException e) {
            throw malformed("evidence JSON", MalformedEvidenceException.NO_OFFSET, "JSON", reason(e));
        }
    }

    /** The parser guesses at UTF-16 and UTF-32, which have a mark or a zero among the first two bytes. */
    private static void requireUtf8(Bytes json) throws MalformedEvidenceException {
        for (int i = 0; i < Math.min(2, json.size()); i++) {
            if (json.get(i) <= 0) {
                throw malformed(
                        "evidence JSON",
                        i,
                        "UTF-8 without a mark",
                        json.slice(i, i + 1).hex());
            }
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
                out.writeStringField(EvidenceForm.ARCH, architecture.name());
                out.writeStringField(
                        EvidenceForm.NONCE,
                        device.report().slice(NONCE_OFFSET, NONCE_END).hex());
                out.writeStringField(EVIDENCE, device.report().base64());
                out.writeStringField(
                        CERTIFICATE,
                        Pem.write("CERTIFICATE", device.certificates()).base64());
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Document document(JsonParser in) throws IOException, MalformedEvidenceException {
        JsonToken first = in.nextToken();
        if (first != JsonToken.START_OBJECT) {
            expect(in, first, JsonToken.START_ARRAY, "an array of devices or an object that has one");
            return new Document(EvidenceForm.COLLECTED, new Members(offset(in), Map.of()), list(in));
        }
        long start = offset(in);
        EvidenceForm form = null;
        List<Members> list = List.of();
        Map<String, String> outer = new HashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            Optional<EvidenceForm> named = EvidenceForm.ofList(name);
            if (named.isPresent()) {
                if (form != null) {
                    throw malformed(name, offset(in), "one list of devices", "a second");
                }
                form = named.get();
                expect(in, in.nextToken(), JsonToken.START_ARRAY, "an array as " + name);
                list = list(in);
            } else {
                member(in, name, OUTER, outer);
            }
        }
        if (form == null) {
            throw malformed("evidence JSON", start, "evidences, evidence_list or device_evidence_list", "none of them");
        }
        return new Document(form, new Members(start, outer), list);
    }

    private static List<Members> list(JsonParser in) throws IOException, MalformedEvidenceException {
        List<Members> devices = new ArrayList<>();
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
            expect(in, next, JsonToken.START_OBJECT, "an object for each device");
            if (devices.size() == MAX_DEVICES) {
                throw malformed("evidence JSON", offset(in), "at most " + MAX_DEVICES + " devices", "more");
            }
            long start = offset(in);
            Map<String, String> members = new HashMap<>();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                member(in, name, MEMBERS, members);
            }
            devices.add(new Members(start, members));
        }
        if (devices.isEmpty()) {
            throw malformed("evidence JSON", offset(in), "at least one device", "none");
        }
        return devices;
    }

    private static void member(JsonParser in, String name, Set<String> known, Map<String, String> members)
            throws IOException, MalformedEvidenceException {
        JsonToken value = in.nextToken();
        if (known.contains(name)) {
            expect(in, value, JsonToken.VALUE_STRING, "a string as " + name);
            members.put(name, in.getText());
        } else {
            in.skipChildren();
        }
    }

    /** What one object says of the device, or of all devices, in those members that are read. */
    private record Members(long start, Map<String, String> values) {

        Optional<String> find(String name) {
            return Optional.ofNullable(values.get(name));
        }

        void require(List<String> names) throws MalformedEvidenceException {
            for (String name : names) {
                get(name);
            }
        }

        String get(String name) throws MalformedEvidenceException {
            return find(name)
                    .orElseThrow(() -> malformed(name, start, "a member of the object that begins there", "none"));
        }
    }

    /** Everything read, since what stands around the devices may follow them. */
    private record Document(EvidenceForm form, Members outer, List<Members> list) {

        List<GpuEvidence> devices() throws MalformedEvidenceException {
            outer.require(form.ofAll());
            List<GpuEvidence> devices = new ArrayList<>();
            for (Members device : list) {
                devices.add(device(device));
            }
            return List.copyOf(devices);
        }

        private GpuEvidence device(Members device) throws MalformedEvidenceException {
            Bytes report = report(device);
            GpuEvidence evidence = GpuEvidence.of(report, base64(CERTIFICATE, device.get(CERTIFICATE), device.start()));
            device.require(form.ofEach());
            // What is stated must be right, wherever it stands and whether or not it has to.
            for (Members stated : List.of(device, outer)) {
                Optional<String> nonce = stated.find(EvidenceForm.NONCE);
                if (nonce.isPresent()) {
                    checkNonce(nonce.get(), report, stated.start());
                }
                Optional<String> architecture = stated.find(EvidenceForm.ARCH);
                if (architecture.isPresent()) {
                    checkArchitecture(architecture.get(), evidence, stated.start());
                }
            }
            return evidence;
        }

        private Bytes report(Members device) throws MalformedEvidenceException {
            String text = device.get(EVIDENCE);
            if (form == EvidenceForm.TRUSTEE && HEX.matcher(text).matches() && text.length() % 2 == 0) {
                return Bytes.fromHex(text);
            }
            return base64(EVIDENCE, text, device.start());
        }

        private void checkArchitecture(String name, GpuEvidence evidence, long start)
                throws MalformedEvidenceException {
            GpuArchitecture stated =
                    architecture(form == EvidenceForm.TRUSTEE ? name.toUpperCase(Locale.ROOT) : name, start);
            Optional<GpuArchitecture> certified = DeviceChain.architectureOf(evidence.certificates());
            if (certified.isPresent() && certified.get() != stated) {
                throw malformed(EvidenceForm.ARCH, start, certified.get() + " as in the certificates", name);
            }
        }
    }

    private static GpuArchitecture architecture(String name, long start) throws MalformedEvidenceException {
        return GpuArchitecture.ofName(name)
                .orElseThrow(() -> malformed(EvidenceForm.ARCH, start, "HOPPER, BLACKWELL or LS10", name));
    }

    /** A report too short to have a nonce is left to the report's own parser. */
    private static void checkNonce(String nonce, Bytes report, long start) throws MalformedEvidenceException {
        if (!NONCE.matcher(nonce).matches()) {
            throw malformed(EvidenceForm.NONCE, start, "64 hex digits", nonce);
        }
        if (report.size() >= NONCE_END) {
            Bytes answered = report.slice(NONCE_OFFSET, NONCE_END);
            if (!answered.equals(Bytes.fromHex(nonce))) {
                throw malformed(EvidenceForm.NONCE, start, answered + " as in the report", nonce);
            }
        }
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
