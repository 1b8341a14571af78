package org.verifiableai.attestation.nvidia;

import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Der;
import org.verifiableai.attestation.internal.x509.X509Cert;

/** The firmware identifier in a leaf certificate: SHA-384 of the firmware that holds the leaf's key. */
final class Fwid {

    // TCG DICE: CompositeDeviceID of Hopper and LS10, TcbInfo of Blackwell.
    private static final String COMPOSITE_DEVICE_ID = "2.23.133.5.4.1";
    private static final String TCB_INFO = "2.23.133.5.4.1.1";

    private static final String FIELD = "leaf certificate's firmware identifier";
    private static final String SHA384 = "2.16.840.1.101.3.4.2.2";
    private static final int TCB_INFO_FWIDS = 6;
    private static final int SIZE = 48;

    private Fwid() {}

    static Optional<Bytes> of(X509Cert leaf) throws MalformedEvidenceException {
        Optional<Bytes> composite = leaf.extension(COMPOSITE_DEVICE_ID);
        Optional<Bytes> tcbInfo = leaf.extension(TCB_INFO);
        if (composite.isPresent() && tcbInfo.isPresent()) {
            throw malformed(0, "one", "one in " + COMPOSITE_DEVICE_ID + " and one in " + TCB_INFO);
        }
        if (composite.isPresent()) {
            return Optional.of(fromCompositeDeviceId(composite.get()));
        }
        return tcbInfo.isPresent() ? Optional.of(fromTcbInfo(tcbInfo.get())) : Optional.empty();
    }

    /** Version, key, identifier. */
    private static Bytes fromCompositeDeviceId(Bytes extension) throws MalformedEvidenceException {
        Der composite = only(extension);
        composite.integer(FIELD);
        composite.enter(FIELD, Der.SEQUENCE);
        Bytes digest = digest(composite);
        composite.end(FIELD);
        return digest;
    }

    /** Tagged fields, of which [6] lists the identifiers of the layers; the first is that of the report's signer. */
    private static Bytes fromTcbInfo(Bytes extension) throws MalformedEvidenceException {
        Der tcbInfo = only(extension);
        Optional<Bytes> digest = Optional.empty();
        while (!tcbInfo.atEnd()) {
            if (!tcbInfo.next(Der.context(TCB_INFO_FWIDS))) {
                tcbInfo.raw(FIELD);
                continue;
            }
            if (digest.isPresent()) {
                throw malformed(tcbInfo.offset(), "one list of identifiers", "a second");
            }
            digest = Optional.of(digest(tcbInfo.enter(FIELD, Der.context(TCB_INFO_FWIDS))));
        }
        return digest.orElseThrow(() -> malformed(0, "a list of identifiers in " + TCB_INFO, extension.hex()));
    }

    private static Der only(Bytes extension) throws MalformedEvidenceException {
        Der whole = Der.of(extension);
        Der sequence = whole.enter(FIELD, Der.SEQUENCE);
        whole.end(FIELD);
        return sequence;
    }

    private static Bytes digest(Der parent) throws MalformedEvidenceException {
        long offset = parent.offset();
        Der identifier = parent.enter(FIELD, Der.SEQUENCE);
        String algorithm = identifier.oid(FIELD);
        Bytes digest = identifier.content(FIELD, Der.OCTET_STRING);
        identifier.end(FIELD);
        if (!algorithm.equals(SHA384) || digest.size() != SIZE) {
            throw malformed(offset, "SHA-384, " + SIZE + " bytes", algorithm + ", " + digest.size() + " bytes");
        }
        return digest;
    }

    private static MalformedEvidenceException malformed(long offset, String expected, String found) {
        return new MalformedEvidenceException(FIELD, offset, expected, found);
    }
}
