package org.verifiableai.manifest;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle.Limits;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Finds out what a line of {@code claims.jsonl} is. */
final class ClaimReader {

    private static final String LINE = "claim";

    private ClaimReader() {}

    static Claim read(Bytes line) {
        try {
            requireLine(line);
            JsonObject statement = statement(line);
            String predicate = statement.text("predicateType");
            return switch (predicate) {
                case Provenance.PREDICATE_TYPE -> manifest(line);
                case Claim.Oms.PREDICATE -> new Claim.Oms(omsRoot(statement), line);
                case Claim.Closing.PREDICATE -> new Claim.Closing(SignedStatement.parse(line));
                case Evaluation.PREDICATE -> evaluation(SignedStatement.parse(line));
                case ManifestRevocation.PREDICATE -> revocation(SignedStatement.parse(line));
                default -> throw statement.wrongMember("predicateType", "one that this version knows", predicate);
            };
        } catch (MalformedEvidenceException e) {
            return new Claim.Unknown(String.valueOf(e.getMessage()), line);
        }
    }

    /**
     * Refuses what is no line. A carriage return is white space to JSON and could stand at a line's end or between its
     * tokens; it is refused, so that one claim has one form of line on every system.
     */
    static void requireLine(Bytes line) throws MalformedEvidenceException {
        if (line.isEmpty()) {
            throw JsonObject.wrong(LINE, "a bundle", "an empty line");
        }
        if (line.size() > Claim.MAX_LINE) {
            throw JsonObject.wrong(LINE, "at most " + Claim.MAX_LINE + " bytes", line.size() + " bytes");
        }
        for (int i = 0; i < line.size(); i++) {
            if (line.get(i) == '\r' || line.get(i) == '\n') {
                throw new MalformedEvidenceException(LINE, i, "lines that LF alone ends", "a line end within a line");
            }
        }
    }

    // Only what tells the kinds apart is read here, of other people's formats too; each kind is read strictly after
    // that.
    private static JsonObject statement(Bytes line) throws MalformedEvidenceException {
        DsseEnvelope envelope = SigstoreBundle.parse(line, new Limits(Claim.MAX_LINE, Claim.MAX_LINE))
                .envelope()
                .orElseThrow(() -> JsonObject.wrong("bundle", "a DSSE envelope", "a message signature"));
        if (!envelope.payloadType().equals(SignedManifest.PAYLOAD_TYPE)) {
            throw JsonObject.wrong(
                    "bundle.dsseEnvelope.payloadType", SignedManifest.PAYLOAD_TYPE, envelope.payloadType());
        }
        return JsonObject.of("statement", StrictJson.parseIJson("statement", envelope.payload(), Claim.MAX_LINE));
    }

    private static Claim manifest(Bytes line) throws MalformedEvidenceException {
        SignedManifest manifest = SignedManifest.parse(line);
        manifest.provenance();
        return new Claim.Manifest(manifest, line);
    }

    private static Bytes omsRoot(JsonObject statement) throws MalformedEvidenceException {
        // OpenSSF Model Signing v1.0: exactly one subject, whose digest is that of the whole.
        var subjects = statement.objects("subject", 1);
        if (subjects.isEmpty()) {
            throw statement.wrongMember("subject", "one subject", "none");
        }
        return subjects.get(0).object("digest").sha256("sha256");
    }

    private static Claim evaluation(SignedStatement statement) throws MalformedEvidenceException {
        return new Claim.Evaluated(Evaluation.parse(statement.payload()), statement);
    }

    private static Claim revocation(SignedStatement statement) throws MalformedEvidenceException {
        return new Claim.Revoked(ManifestRevocation.parse(statement.payload()), statement);
    }
}
