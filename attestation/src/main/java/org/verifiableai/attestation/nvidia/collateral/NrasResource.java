package org.verifiableai.attestation.nvidia.collateral;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.Question;
import org.verifiableai.attestation.internal.http.Resource;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.nvidia.DeviceKind;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuEvidence;

/**
 * What the attestation service makes of evidence.
 *
 * @param path the path of version and kind of device
 * @param name what it is called in messages
 * @param request the evidence, as JSON
 * @param allowCertHold whether certificates that are on hold shall pass
 */
record NrasResource(String path, String name, Bytes request, boolean allowCertHold) implements Resource {

    private static final int MAX_SIZE = 4 * 1024 * 1024;

    static NrasResource of(
            NrasClient.Version version,
            NrasClient.ClaimsVersion claims,
            boolean allowCertHold,
            GpuArchitecture family,
            List<GpuEvidence> devices,
            Bytes nonce) {
        String kind = family.kind() == DeviceKind.SWITCH ? "switch" : "gpu";
        return new NrasResource(
                "/" + version.segment() + "/attest/" + kind,
                "attestation of " + devices.size() + " " + family + " devices",
                write(claims, family, devices, nonce),
                allowCertHold);
    }

    private static Bytes write(
            NrasClient.ClaimsVersion claims, GpuArchitecture family, List<GpuEvidence> devices, Bytes nonce) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = ServiceJson.JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("nonce", nonce.hex());
            out.writeStringField("arch", family.name());
            out.writeArrayFieldStart("evidence_list");
            for (GpuEvidence device : devices) {
                out.writeStartObject();
                out.writeStringField("evidence", device.report().base64());
                out.writeStringField(
                        "certificate",
                        Pem.write("CERTIFICATE", device.certificates()).base64());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeStringField("claims_version", claims.text());
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.utf8(text.toString());
    }

    @Override
    public int limit() {
        return MAX_SIZE;
    }

    @Override
    public Optional<String> file() {
        return Optional.empty();
    }

    @Override
    public Question question() {
        Map<String, String> fields = new HashMap<>();
        fields.put("Content-Type", "application/json");
        fields.put("Accept", "application/json");
        if (allowCertHold) {
            fields.put("X-NVIDIA-OCSP-ALLOW-CERT-HOLD", "true");
        }
        return Question.post(fields, request, this::read);
    }

    /** That it is a bundle (RFC 9711, section 5, in the form of an array): the token of all, and those of the devices. */
    @Override
    public Answer read(Bytes json) throws MalformedEvidenceException {
        ServiceJson.read("eat bundle", json, MAX_SIZE, NrasResource::check);
        return new Answer(json, List.of(json), Instant.EPOCH, Instant.MAX);
    }

    private static boolean check(JsonParser in) throws IOException, MalformedEvidenceException {
        ServiceJson.expect(in, in.nextToken(), JsonToken.START_ARRAY, "a bundle");
        ServiceJson.expect(in, in.nextToken(), JsonToken.START_ARRAY, "the token of all devices");
        in.skipChildren();
        ServiceJson.expect(in, in.nextToken(), JsonToken.START_OBJECT, "the tokens of devices");
        in.skipChildren();
        ServiceJson.expect(in, in.nextToken(), JsonToken.END_ARRAY, "the end of the bundle");
        return true;
    }

    /** Who sends too much is told so whatever he sends. */
    @Override
    public Object pace() {
        return path;
    }

    @Override
    public boolean keeps() {
        return false;
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Optional<String> meaning(int status) {
        return ServiceKeys.meaning(status).or(() -> Resource.super.meaning(status));
    }

    @Override
    public String toString() {
        return name;
    }
}
