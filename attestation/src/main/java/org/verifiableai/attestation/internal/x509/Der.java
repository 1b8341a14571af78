package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * A cursor over DER elements (X.690): definite lengths in their shortest form, low tag numbers, nothing past the end. It
 * recurses nowhere, so depth is the caller's. Offsets in its exceptions count from the start of the whole. Not
 * thread-safe.
 */
public final class Der {

    /** BOOLEAN. */
    public static final int BOOLEAN = 0x01;

    /** INTEGER. */
    public static final int INTEGER = 0x02;

    /** BIT STRING. */
    public static final int BIT_STRING = 0x03;

    /** OCTET STRING. */
    public static final int OCTET_STRING = 0x04;

    /** OBJECT IDENTIFIER. */
    public static final int OID = 0x06;

    /** ENUMERATED. */
    public static final int ENUMERATED = 0x0A;

    /** NULL. */
    public static final int NULL = 0x05;

    /** SEQUENCE. */
    public static final int SEQUENCE = 0x30;

    /** SET. */
    public static final int SET = 0x31;

    private static final int MAX_OID_SIZE = 64;
    private static final int MAX_INTEGER_SIZE = 1024;

    private final Bytes whole;
    private final int end;
    private int at;

    private Der(Bytes whole, int from, int end) {
        this.whole = whole;
        this.at = from;
        this.end = end;
    }

    /** A cursor at the start of {@code whole}. */
    public static Der of(Bytes whole) {
        return new Der(whole, 0, whole.size());
    }

    /** The tag of explicit or constructed implicit context class with this number. */
    public static int context(int number) {
        return 0xA0 | number;
    }

    /** The tag of primitive implicit context class with this number. */
    public static int contextPrimitive(int number) {
        return 0x80 | number;
    }

    /** Whether nothing is left. */
    public boolean atEnd() {
        return at == end;
    }

    /** Whether the next element has this tag; false at the end. */
    public boolean next(int tag) {
        return at < end && whole.unsigned(at) == tag;
    }

    /** The offset of the next element within the whole. */
    public long offset() {
        return at;
    }

    /** Steps into the next element, which must have this tag, and moves past it. */
    public Der enter(String field, int tag) throws MalformedEvidenceException {
        int start = at;
        if (at >= end) {
            throw new MalformedEvidenceException(field, start, "an element with tag " + hex(tag), "nothing");
        }
        int found = whole.unsigned(at);
        if (found != tag) {
            throw new MalformedEvidenceException(field, start, "tag " + hex(tag), "tag " + hex(found));
        }
        at++;
        int length = length(field);
        int from = at;
        at += length;
        return new Der(whole, from, at);
    }

    /** The next element as received, with its tag and length, whatever its tag. */
    public Bytes raw(String field) throws MalformedEvidenceException {
        int start = at;
        if (at >= end) {
            throw new MalformedEvidenceException(field, start, "an element", "nothing");
        }
        enter(field, whole.unsigned(at));
        return whole.slice(start, at);
    }

    /** The content of the next element, which must have this tag. */
    public Bytes content(String field, int tag) throws MalformedEvidenceException {
        return enter(field, tag).rest();
    }

    /** Everything that is left. */
    public Bytes rest() {
        return whole.slice(at, end);
    }

    /** A two's complement INTEGER in its shortest form. */
    public BigInteger integer(String field) throws MalformedEvidenceException {
        int start = at;
        Bytes content = content(field, INTEGER);
        boolean padded = content.size() > 1
                && ((content.get(0) == 0 && content.get(1) >= 0) || (content.get(0) == -1 && content.get(1) < 0));
        if (content.isEmpty() || content.size() > MAX_INTEGER_SIZE || padded) {
            throw new MalformedEvidenceException(
                    field, start, "an INTEGER in its shortest form", content.size() + " content bytes");
        }
        return new BigInteger(content.toByteArray());
    }

    /** An OBJECT IDENTIFIER in dotted form. */
    public String oid(String field) throws MalformedEvidenceException {
        int start = at;
        Bytes content = content(field, OID);
        if (content.isEmpty() || content.size() > MAX_OID_SIZE || content.get(content.size() - 1) < 0) {
            throw new MalformedEvidenceException(field, start, "an OBJECT IDENTIFIER", content.hex());
        }
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        boolean fresh = true;
        for (int i = 0; i < content.size(); i++) {
            int b = content.unsigned(i);
            if ((fresh && b == 0x80) || arc > Integer.MAX_VALUE) {
                throw new MalformedEvidenceException(field, start, "an OBJECT IDENTIFIER", content.hex());
            }
            arc = (arc << 7) | (b & 0x7F);
            fresh = b < 0x80;
            if (fresh) {
                append(dotted, arc);
                arc = 0;
            }
        }
        return dotted.toString();
    }

    /** A BIT STRING of whole bytes. */
    public Bytes bitString(String field) throws MalformedEvidenceException {
        int start = at;
        Bytes content = content(field, BIT_STRING);
        if (content.isEmpty() || content.get(0) != 0) {
            throw new MalformedEvidenceException(field, start, "a BIT STRING without unused bits", content.hex());
        }
        return content.slice(1, content.size());
    }

    /** An ENUMERATED of one octet: 0 to 127. */
    public int enumerated(String field) throws MalformedEvidenceException {
        int start = at;
        Bytes content = content(field, ENUMERATED);
        if (content.size() != 1 || content.get(0) < 0) {
            throw new MalformedEvidenceException(field, start, "an ENUMERATED of 0 to 127", content.hex());
        }
        return content.get(0);
    }

    /** A BOOLEAN. */
    public boolean bool(String field) throws MalformedEvidenceException {
        int start = at;
        Bytes content = content(field, BOOLEAN);
        if (content.size() != 1 || (content.get(0) != 0 && content.get(0) != -1)) {
            throw new MalformedEvidenceException(field, start, "a BOOLEAN of 00 or ff", content.hex());
        }
        return content.get(0) != 0;
    }

    /** Refuses anything that is left. */
    public void end(String field) throws MalformedEvidenceException {
        if (at != end) {
            throw new MalformedEvidenceException(field, at, "nothing more", (end - at) + " bytes");
        }
    }

    private int length(String field) throws MalformedEvidenceException {
        int start = at;
        long length = octet(field);
        if (length >= 0x80) {
            int octets = (int) length & 0x7F;
            if (octets == 0 || octets > 4) {
                throw new MalformedEvidenceException(field, start, "a definite length", hex((int) length));
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | octet(field);
            }
            if (length < 0x80 || length >>> (8 * (octets - 1)) == 0) {
                throw new MalformedEvidenceException(field, start, "a length in its shortest form", length + " bytes");
            }
        }
        if (length > end - at) {
            throw new MalformedEvidenceException(
                    field, start, length + " bytes as its length says", (end - at) + " bytes");
        }
        return (int) length;
    }

    private int octet(String field) throws MalformedEvidenceException {
        if (at >= end) {
            throw new MalformedEvidenceException(field, at, "a length", "nothing");
        }
        return whole.unsigned(at++);
    }

    private static void append(StringBuilder dotted, long arc) {
        if (dotted.isEmpty()) {
            long first = Math.min(arc / 40, 2);
            dotted.append(first).append('.').append(arc - 40 * first);
        } else {
            dotted.append('.').append(arc);
        }
    }

    private static String hex(int tag) {
        return String.format("0x%02x", tag);
    }
}
