package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * A manifest with its signature, as a sigstore bundle v0.3 carries it: a DSSE envelope with one signature, and a hint at
 * the key. Immutable.
 *
 * <p>Reading one proves nothing. The bundle holds no key that could be trusted: the key travels as evidence, and only the
 * report of the machine vouches for it. {@link ProvenanceVerifier} checks all of that.
 */
public final class SignedManifest {

    /** The payload type of in-toto statements. */
    public static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    static final int MAX_SIZE = 2 << 20;

    private static final String ROOT = "bundle";
    private static final int MAX_HINT = 1024;

    private final DsseEnvelope envelope;
    private final String hint;

    private SignedManifest(DsseEnvelope envelope, String hint) {
        this.envelope = envelope;
        this.hint = hint;
    }

    /**
     * Reads a bundle: strict JSON of at most 2 MiB, a bare key's hint, one signature, an in-toto payload of at most 1 MiB.
     *
     * @throws MalformedEvidenceException if {@code bundle} is anything else
     */
    public static SignedManifest parse(Bytes bundle) throws MalformedEvidenceException {
        JsonObject root = JsonObject.of(ROOT, StrictJson.parse(ROOT, bundle, MAX_SIZE));
        root.requireText("mediaType", MEDIA_TYPE);
        JsonObject material = root.object("verificationMaterial");
        for (String other : new String[] {"certificate", "x509CertificateChain"}) {
            if (material.has(other)) {
                throw material.wrongMember(other, "a bare key's hint alone", "a certificate");
            }
        }
        if (root.has("messageSignature")) {
            throw root.wrongMember("messageSignature", "a DSSE envelope alone", "a message signature");
        }
        JsonObject publicKey = material.object("publicKey");
        String hint = publicKey.text("hint");
        if (hint.isEmpty() || hint.length() > MAX_HINT) {
            throw publicKey.wrongMember("hint", "1 to " + MAX_HINT + " characters", hint.length() + " characters");
        }
        DsseEnvelope envelope = DsseEnvelope.parse(root.object("dsseEnvelope"));
        // The sigstore bundle wants key id and hint equal; OpenSSF Model Signing's own tool leaves the key id empty.
        if (!envelope.keyId().isEmpty() && !envelope.keyId().equals(hint)) {
            throw JsonObject.wrong(ROOT + ".dsseEnvelope.signatures[0].keyid", "empty or " + hint, envelope.keyId());
        }
        if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
            throw JsonObject.wrong(ROOT + ".dsseEnvelope.payloadType", PAYLOAD_TYPE, envelope.payloadType());
        }
        return new SignedManifest(envelope, hint);
    }

    static SignedManifest sign(Bytes payload, SigningKey key) {
        return new SignedManifest(DsseEnvelope.sign(PAYLOAD_TYPE, payload, key), PublicKeys.hint(key.spki()));
    }

    /** The signed bytes: the statement. */
    public Bytes payload() {
        return envelope.payload();
    }

    /** SHA-256 of {@link #payload()}, 32 bytes: the manifest's identity and the value that goes on chain. */
    public Bytes digest() {
        return payload().sha256();
    }

    /** Names a candidate key; not authenticated. SHA-256 in hex over the PEM text of the key. */
    public String hint() {
        return hint;
    }

    /**
     * Reads the statement. It proves nothing yet.
     *
     * @throws MalformedEvidenceException if the payload is not a provenance statement of our build type
     */
    public Provenance provenance() throws MalformedEvidenceException {
        return Provenance.parse(payload());
    }

    /**
     * Whether the signature is that of {@code key} over the payload and its type.
     *
     * @throws MalformedEvidenceException if the signature is not in the encoding that goes with the key
     */
    boolean isSignedBy(VerificationKey key) throws MalformedEvidenceException {
        return envelope.verify(key);
    }

    /** The bundle as one line of JSON, without a line end. */
    public String toJson() {
        ObjectNode bundle = JsonNodeFactory.instance.objectNode();
        bundle.put("mediaType", MEDIA_TYPE);
        bundle.putObject("verificationMaterial").putObject("publicKey").put("hint", hint);
        bundle.set("dsseEnvelope", envelope.toJson());
        return bundle.toString();
    }

    /** Equal if payload, signature and hint are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SignedManifest that && envelope.equals(that.envelope) && hint.equals(that.hint);
    }

    @Override
    public int hashCode() {
        return Objects.hash(envelope, hint);
    }

    @Override
    public String toString() {
        return "SignedManifest[" + digest() + "]";
    }
}
