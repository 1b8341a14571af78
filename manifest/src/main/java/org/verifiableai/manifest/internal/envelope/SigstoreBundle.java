package org.verifiableai.manifest.internal.envelope;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.CertificateChain;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.Keyless;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.LegacyPublicKey;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.PublicKeyHint;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * A sigstore bundle (v0.3 and the media types of the versions before it): a signature, what was signed, and what is said
 * of the key. Reading one proves nothing. Unknown members are ignored. Immutable.
 *
 * @param mediaType one of {@link #MEDIA_TYPES}
 * @param material what is said of the key; exactly one kind
 * @param content what was signed, and the signature; exactly one kind
 * @param logEntries how many entries of transparency logs came with it; their content is not kept
 * @param timestamps how many timestamps of authorities came with it; their content is not kept
 */
public record SigstoreBundle(
        String mediaType, VerificationMaterial material, Content content, int logEntries, int timestamps) {

    /** The media type of v0.3, which is what is written. */
    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /** Every media type that is read. */
    public static final Set<String> MEDIA_TYPES = Set.of(
            MEDIA_TYPE,
            "application/vnd.dev.sigstore.bundle+json;version=0.1",
            "application/vnd.dev.sigstore.bundle+json;version=0.2",
            "application/vnd.dev.sigstore.bundle+json;version=0.3");

    private static final String ROOT = "bundle";
    private static final int MAX_HINT = 1024;
    private static final int MAX_KEY = 16 << 10;
    /** Certificates in a chain at most. */
    public static final int MAX_CERTIFICATES = 10;

    private static final int MAX_CERTIFICATE = 64 << 10;
    private static final int MAX_LOG_ENTRIES = 64;
    private static final int MAX_SIGNATURE = 1024;
    private static final int MAX_DIGEST = 64;

    public SigstoreBundle {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(material, "material");
        Objects.requireNonNull(content, "content");
    }

    /**
     * How much is read at most.
     *
     * @param bundle bytes of the bundle
     * @param payload bytes of the payload of its envelope, decoded
     */
    public record Limits(int bundle, int payload) {

        /** A manifest of ours: 1 MiB of payload. */
        public static final Limits MANIFEST = new Limits(2 << 20, DsseEnvelope.MAX_PAYLOAD);

        /** A list of every file of a model: 64 MiB, enough for 100,000 files whose names fill half of their limit. */
        public static final Limits MODEL = new Limits(96 << 20, 64 << 20);
    }

    /** What was signed, and the signature. */
    public sealed interface Content {}

    /** An envelope with exactly one signature. */
    public record Enveloped(DsseEnvelope envelope) implements Content {}

    /**
     * A signature over a file that lies elsewhere.
     *
     * @param algorithm the name of the digest's algorithm in sigstore's list, such as {@code SHA2_256}; empty where absent
     * @param digest of the file, not authenticated; empty where absent
     * @param signature as the bundle carries it
     */
    public record MessageSignature(String algorithm, Bytes digest, Bytes signature) implements Content {}

    /** A bundle over {@code envelope}, signed by a bare key that it names by the envelope's key id. */
    public static SigstoreBundle ofKey(DsseEnvelope envelope) {
        return of(new PublicKeyHint(envelope.keyId()), envelope);
    }

    /** A bundle over {@code envelope}, signed by the key of the first of {@code certificates}. */
    public static SigstoreBundle ofCertificates(DsseEnvelope envelope, List<Bytes> certificates) {
        return of(new CertificateChain(certificates), envelope);
    }

    /** A bundle over {@code envelope} with {@code material} about its key. */
    public static SigstoreBundle of(VerificationMaterial material, DsseEnvelope envelope) {
        return new SigstoreBundle(MEDIA_TYPE, material, new Enveloped(envelope), 0, 0);
    }

    /**
     * Reads a bundle.
     *
     * @throws MalformedEvidenceException if it is not strict JSON within the limits; if it does not hold exactly one kind
     *     of material and one of content; or if its envelope has not exactly one signature, or one whose key id
     *     contradicts the hint
     */
    public static SigstoreBundle parse(Bytes bundle, Limits limits) throws MalformedEvidenceException {
        JsonObject root = JsonObject.of(ROOT, StrictJson.parse(ROOT, bundle, limits.bundle()));
        String mediaType = root.text("mediaType");
        if (!MEDIA_TYPES.contains(mediaType)) {
            throw root.wrongMember("mediaType", MEDIA_TYPE + " or one of the versions before it", mediaType);
        }
        JsonObject verification = root.object("verificationMaterial");
        VerificationMaterial material = material(verification);
        Content content = content(root, limits.payload());
        if (material instanceof PublicKeyHint key && content instanceof Enveloped enveloped) {
            requireSameName(key.hint(), enveloped.envelope().keyId());
        }
        JsonObject timestamps = verification.objectOrEmpty("timestampVerificationData");
        return new SigstoreBundle(
                mediaType,
                material,
                content,
                count(verification, "tlogEntries"),
                count(timestamps, "rfc3161Timestamps"));
    }

    /** The envelope, where there is one. */
    public Optional<DsseEnvelope> envelope() {
        return content instanceof Enveloped enveloped ? Optional.of(enveloped.envelope()) : Optional.empty();
    }

    /**
     * The bundle as one line of JSON, without a line end.
     *
     * @throws IllegalStateException if the bundle is none that is made here: one without an envelope, with a key or a
     *     keyless certificate inside, or with log entries or timestamps, whose content is not kept
     */
    public String toJson() {
        ObjectNode bundle = JsonNodeFactory.instance.objectNode();
        bundle.put("mediaType", mediaType);
        ObjectNode verification = bundle.putObject("verificationMaterial");
        if (material instanceof PublicKeyHint key) {
            verification.putObject("publicKey").put("hint", key.hint());
        } else if (material instanceof CertificateChain chain) {
            ArrayNode certificates =
                    verification.putObject("x509CertificateChain").putArray("certificates");
            chain.certificates().forEach(der -> certificates.addObject().put("rawBytes", der.base64()));
        } else {
            throw new IllegalStateException("a bundle with a key or a keyless certificate inside is read only");
        }
        if (logEntries > 0 || timestamps > 0) {
            throw new IllegalStateException("a bundle with log entries or timestamps is read only");
        }
        bundle.set(
                "dsseEnvelope",
                envelope()
                        .orElseThrow(() -> new IllegalStateException("a bundle without an envelope is read only"))
                        .toJson());
        return bundle.toString();
    }

    // One of them alone (sigstore_bundle.proto, VerificationMaterial: a oneof).
    private static VerificationMaterial material(JsonObject verification) throws MalformedEvidenceException {
        List<String> kinds = present(verification, "publicKey", "x509CertificateChain", "certificate");
        if (kinds.size() != 1) {
            throw JsonObject.wrong(
                    verification.path(),
                    "a bare key's hint alone, a certificate chain alone or a certificate alone",
                    kinds.isEmpty() ? "none" : String.join(" and ", kinds));
        }
        return switch (kinds.get(0)) {
            case "publicKey" -> publicKey(verification.object("publicKey"));
            case "certificate" -> new Keyless(certificate(verification.object("certificate")));
            default -> chain(verification.object("x509CertificateChain"));
        };
    }

    private static VerificationMaterial publicKey(JsonObject key) throws MalformedEvidenceException {
        if (key.has("hint") || !key.has("rawBytes")) {
            String hint = key.text("hint");
            if (hint.isEmpty() || hint.length() > MAX_HINT) {
                throw key.wrongMember("hint", "1 to " + MAX_HINT + " characters", hint.length() + " characters");
            }
            return new PublicKeyHint(hint);
        }
        return new LegacyPublicKey(
                base64(key, "rawBytes", MAX_KEY), key.optionalText("keyDetails").orElse(""));
    }

    private static VerificationMaterial chain(JsonObject chain) throws MalformedEvidenceException {
        List<Bytes> certificates = new ArrayList<>();
        for (JsonObject certificate : chain.objects("certificates", MAX_CERTIFICATES)) {
            certificates.add(certificate(certificate));
        }
        if (certificates.isEmpty()) {
            throw chain.wrongMember("certificates", "at least one certificate", "none");
        }
        return new CertificateChain(certificates);
    }

    private static Bytes certificate(JsonObject certificate) throws MalformedEvidenceException {
        return base64(certificate, "rawBytes", MAX_CERTIFICATE);
    }

    private static Content content(JsonObject root, int maxPayload) throws MalformedEvidenceException {
        List<String> kinds = present(root, "dsseEnvelope", "messageSignature");
        if (kinds.size() != 1) {
            throw JsonObject.wrong(
                    root.path(),
                    "a DSSE envelope alone or a message signature alone",
                    kinds.isEmpty() ? "neither" : "both");
        }
        if (kinds.get(0).equals("dsseEnvelope")) {
            return new Enveloped(DsseEnvelope.parse(root.object("dsseEnvelope"), maxPayload));
        }
        JsonObject message = root.object("messageSignature");
        JsonObject digest = message.objectOrEmpty("messageDigest");
        return new MessageSignature(
                digest.optionalText("algorithm").orElse(""),
                digest.has("digest") ? base64(digest, "digest", MAX_DIGEST) : Bytes.EMPTY,
                base64(message, "signature", MAX_SIGNATURE));
    }

    // sigstore_common.proto, PublicKeyIdentifier: hint and key id are equal. OpenSSF Model Signing leaves the key id
    // empty.
    private static void requireSameName(String hint, String keyId) throws MalformedEvidenceException {
        if (!keyId.isEmpty() && !keyId.equals(hint)) {
            throw JsonObject.wrong(ROOT + ".dsseEnvelope.signatures[0].keyid", "empty or " + hint, keyId);
        }
    }

    private static List<String> present(JsonObject object, String... names) {
        List<String> present = new ArrayList<>();
        for (String name : names) {
            if (object.has(name)) {
                present.add(name);
            }
        }
        return present;
    }

    private static int count(JsonObject object, String name) throws MalformedEvidenceException {
        return object.has(name) ? object.objects(name, MAX_LOG_ENTRIES).size() : 0;
    }

    private static Bytes base64(JsonObject object, String name, int max) throws MalformedEvidenceException {
        String text = object.text(name);
        if (text.isEmpty() || text.length() / 4 * 3 > max + 2) {
            throw object.wrongMember(name, "1 to " + max + " bytes in base64", text.length() + " characters");
        }
        return StrictBase64.decode(object.path() + "." + name, text);
    }
}
