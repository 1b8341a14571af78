package org.verifiableai.attestation.internal.x509;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Who says that it signed an answer (ResponderID; RFC 6960, section 4.2.1). Implementations are immutable. */
public sealed interface OcspResponderId {

    /** Whether {@code certificate} is that of the responder which this names. */
    boolean names(X509Cert certificate);

    /**
     * By its subject.
     *
     * @param name compared by its encoding
     */
    record ByName(Name name) implements OcspResponderId {
        @Override
        public boolean names(X509Cert certificate) {
            return name.encoded().equals(certificate.subject().encoded());
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    /**
     * By its key.
     *
     * @param keyHash SHA-1 of the public key's bits, 20 bytes
     */
    record ByKey(Bytes keyHash) implements OcspResponderId {
        @Override
        public boolean names(X509Cert certificate) {
            try {
                return keyHash.equals(OcspHash.SHA1.of(OcspCertId.keyBits(certificate.spki())));
            } catch (MalformedEvidenceException e) {
                return false; // no key, and so not this one
            }
        }

        @Override
        public String toString() {
            return "key " + keyHash;
        }
    }

    static OcspResponderId read(Der parent) throws MalformedEvidenceException {
        if (parent.next(Der.context(1))) {
            Der explicit = parent.enter("responderID", Der.context(1));
            Name name = Name.read("responderID", explicit);
            explicit.end("responderID");
            return new ByName(name);
        }
        long offset = parent.offset();
        Der explicit = parent.enter("responderID", Der.context(2));
        Bytes keyHash = explicit.content("responderID", Der.OCTET_STRING);
        explicit.end("responderID");
        if (keyHash.size() != OcspHash.SHA1.size()) {
            throw new MalformedEvidenceException(
                    "responderID", offset, "a SHA-1 hash of 20 bytes", keyHash.size() + " bytes");
        }
        return new ByKey(keyHash);
    }
}
