package org.verifiableai.manifest;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * An in-toto statement with its signature, as a sigstore bundle v0.3 carries it, on one line: a DSSE envelope with one
 * signature, and a hint at a bare key. Immutable. Reading one proves nothing.
 */
public final class SignedStatement {

    private final SignedManifest bundle;
    private final Bytes line;

    private SignedStatement(SignedManifest bundle, Bytes line) {
        this.bundle = bundle;
        this.line = line;
    }

    /**
     * Reads a bundle.
     *
     * @param line one line, without its end
     * @throws MalformedEvidenceException as {@link SignedManifest#parse(Bytes)}, and if it is more than one line
     */
    public static SignedStatement parse(Bytes line) throws MalformedEvidenceException {
        ClaimReader.requireLine(line);
        return new SignedStatement(SignedManifest.parse(line), line);
    }

    static SignedStatement sign(Bytes payload, SigningKey key) {
        SignedManifest signed = SignedManifest.sign(payload, key);
        try {
            // A fault while signing can give the key away, so a signature that does not verify is never let out.
            if (!signed.isSignedBy(key.publicKey())) {
                throw new IllegalStateException("the signature that was just made does not verify");
            }
            return parse(Bytes.utf8(signed.toJson()));
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("not a statement that a reader takes: " + e.getMessage(), e);
        }
    }

    /** The bytes of the line, without its end. */
    public Bytes line() {
        return line;
    }

    /** The signed bytes: the statement. */
    public Bytes payload() {
        return bundle.payload();
    }

    /** SHA-256 of {@link #payload()}, 32 bytes: the statement's identity. */
    public Bytes digest() {
        return bundle.digest();
    }

    /** Names a candidate key; not authenticated. SHA-256 in hex over the PEM text of the key. */
    public String hint() {
        return bundle.hint();
    }

    /**
     * Whether the signature is that of {@code key} over the payload and its type.
     *
     * @throws MalformedEvidenceException if the signature is not in the encoding that goes with the key
     */
    boolean isSignedBy(VerificationKey key) throws MalformedEvidenceException {
        return bundle.isSignedBy(key);
    }

    /** Equal if the lines are, byte by byte. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SignedStatement that && line.equals(that.line);
    }

    @Override
    public int hashCode() {
        return line.hashCode();
    }

    @Override
    public String toString() {
        return "SignedStatement[" + digest() + "]";
    }
}
