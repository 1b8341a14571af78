package org.verifiableai.manifest;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.PublicKeyHint;
import org.verifiableai.manifest.internal.json.JsonObject;
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

    static final int MAX_SIZE = SigstoreBundle.Limits.MANIFEST.bundle();

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
        SigstoreBundle read = SigstoreBundle.parse(bundle, SigstoreBundle.Limits.MANIFEST);
        if (!read.mediaType().equals(SigstoreBundle.MEDIA_TYPE)) {
            throw wrong("mediaType", SigstoreBundle.MEDIA_TYPE, read.mediaType());
        }
        if (!(read.material() instanceof PublicKeyHint key)) {
            throw wrong("verificationMaterial", "a bare key's hint alone", "another kind");
        }
        DsseEnvelope envelope = read.envelope()
                .orElseThrow(() -> wrong("messageSignature", "a DSSE envelope alone", "a message signature"));
        if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
            throw wrong("dsseEnvelope.payloadType", PAYLOAD_TYPE, envelope.payloadType());
        }
        return new SignedManifest(envelope, key.hint());
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
        return SigstoreBundle.of(new PublicKeyHint(hint), envelope).toJson();
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

    private static MalformedEvidenceException wrong(String member, String expected, String found) {
        return JsonObject.wrong("bundle." + member, expected, found);
    }
}
