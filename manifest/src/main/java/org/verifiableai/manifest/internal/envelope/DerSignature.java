package org.verifiableai.manifest.internal.envelope;

import java.math.BigInteger;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * ECDSA signatures between their two encodings: ASN.1 DER in envelopes ({@code SEQUENCE \{ r INTEGER, s INTEGER \}},
 * RFC 3279, section 2.2.3), r and s of fixed length for a verification key.
 */
public final class DerSignature {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int MAX_SHORT_LENGTH = 0x7F;
    private static final int ONE_BYTE_LENGTH = 0x81;
    private static final int MAX_SIZE = 139; // of P-521: two integers of at most 66 bytes with their heads

    private DerSignature() {}

    /** Writes r and s, each {@code raw.size() / 2} bytes. Only P-521 needs the long form of lengths. */
    public static Bytes encode(Bytes raw) {
        int scalarSize = raw.size() / 2;
        Bytes body = integer(raw.slice(0, scalarSize)).concat(integer(raw.slice(scalarSize, raw.size())));
        return body.size() <= MAX_SHORT_LENGTH
                ? Bytes.of((byte) SEQUENCE, (byte) body.size()).concat(body)
                : Bytes.of((byte) SEQUENCE, (byte) ONE_BYTE_LENGTH, (byte) body.size())
                        .concat(body);
    }

    /**
     * Reads r and s. Only DER is taken: shortest lengths, shortest integers, positive, nothing behind. Whether r and s
     * are within the group is the verification key's matter.
     */
    public static Bytes decode(String field, Bytes der, int scalarSize) throws MalformedEvidenceException {
        // Reading leniently and writing again is the whole of strictness: DER has one form for each value.
        if (der.size() < 8 || der.size() > MAX_SIZE || der.unsigned(0) != SEQUENCE) {
            throw notDer(field, der);
        }
        int rStart = der.unsigned(1) == ONE_BYTE_LENGTH ? 3 : 2;
        int rEnd = integerEnd(field, der, rStart);
        int sEnd = integerEnd(field, der, rEnd);
        Bytes raw =
                scalar(field, der, rStart + 2, rEnd, scalarSize).concat(scalar(field, der, rEnd + 2, sEnd, scalarSize));
        if (!encode(raw).equals(der)) {
            throw notDer(field, der);
        }
        return raw;
    }

    private static int integerEnd(String field, Bytes der, int start) throws MalformedEvidenceException {
        if (start + 2 > der.size() || der.unsigned(start) != INTEGER) {
            throw notDer(field, der);
        }
        int end = start + 2 + der.unsigned(start + 1);
        if (end > der.size() || end == start + 2) {
            throw notDer(field, der);
        }
        return end;
    }

    private static Bytes scalar(String field, Bytes der, int from, int to, int size) throws MalformedEvidenceException {
        BigInteger value = new BigInteger(der.slice(from, to).toByteArray());
        if (value.signum() < 0 || value.bitLength() > 8 * size) {
            throw notDer(field, der);
        }
        byte[] shortest = value.toByteArray();
        int skip = shortest.length > size ? 1 : 0;
        return Bytes.zeros(size - (shortest.length - skip)).concat(Bytes.of(shortest, skip, shortest.length - skip));
    }

    private static Bytes integer(Bytes unsigned) {
        byte[] shortest = new BigInteger(1, unsigned.toByteArray()).toByteArray();
        return Bytes.of((byte) INTEGER, (byte) shortest.length).concat(Bytes.of(shortest));
    }

    private static MalformedEvidenceException notDer(String field, Bytes der) {
        return JsonObject.wrong(field, "an ECDSA signature in DER", der.hex());
    }
}
