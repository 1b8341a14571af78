package org.verifiableai.attestation.nvidia.collateral;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * Reads what the RIM service answers: an object of {@code id}, {@code rim} (the document in base64), {@code sha256} (of the
 * document, in hex) and {@code rim_format}. Other members are ignored.
 */
final class RimAnswer {

    /** The largest answer, in bytes. */
    static final int MAX_SIZE = RimClient.MAX_RIM / 3 * 4 + 16 * 1024;

    private static final String ID = "id";
    private static final String RIM = "rim";
    private static final String SHA256 = "sha256";
    private static final String FORMAT = "rim_format";
    private static final String TCG = "TCG";
    private static final Set<String> MEMBERS = Set.of(ID, RIM, SHA256, FORMAT);

    private RimAnswer() {}

    /**
     * The document in an answer.
     *
     * @throws MalformedEvidenceException if {@code json} is anything else, or another manifest than {@code expected} by its
     *     own account
     */
    static Bytes parse(RimId expected, Bytes json) throws MalformedEvidenceException {
        Map<String, String> members = members(json);
        String id = member(members, ID);
        if (!id.equals(expected.text())) {
            throw malformed(ID, expected.text(), id);
        }
        String format = members.getOrDefault(FORMAT, TCG);
        if (!format.equals(TCG)) {
            throw malformed(FORMAT, TCG, format);
        }
        Bytes xml = ServiceJson.base64(RIM, member(members, RIM));
        String stated = member(members, SHA256).toLowerCase(Locale.ROOT);
        if (!stated.equals(xml.sha256().hex())) {
            throw malformed(SHA256, xml.sha256() + " as of the document", stated);
        }
        return xml;
    }

    private static Map<String, String> members(Bytes json) throws MalformedEvidenceException {
        return ServiceJson.read("rim answer", json, MAX_SIZE, in -> {
            Map<String, String> members = new HashMap<>();
            ServiceJson.expect(in, in.nextToken(), JsonToken.START_OBJECT, "an object");
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                read(in, name, members);
            }
            return members;
        });
    }

    private static void read(JsonParser in, String name, Map<String, String> members)
            throws IOException, MalformedEvidenceException {
        JsonToken value = in.nextToken();
        if (MEMBERS.contains(name)) {
            ServiceJson.expect(in, value, JsonToken.VALUE_STRING, "a string as " + name);
            members.put(name, in.getText());
        } else {
            in.skipChildren();
        }
    }

    private static String member(Map<String, String> members, String name) throws MalformedEvidenceException {
        String value = members.get(name);
        if (value == null) {
            throw malformed(name, "a member of the answer", "none");
        }
        return value;
    }

    private static MalformedEvidenceException malformed(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
