package org.verifiableai.attestation.snp;

import org.verifiableai.attestation.Bytes;

/** What the values of a policy have to look like. Each method returns its value, or says what is wrong with it. */
final class DemandValues {

    static final int REPORT_DATA_SIZE = 64;
    static final int DIGEST_SIZE = 48;
    static final int HOST_DATA_SIZE = 32;
    static final int REPORT_ID_SIZE = 32;
    static final int ID_SIZE = 16;

    private static final int CHIP_ID_SIZE = 64;
    private static final int TURIN_CHIP_ID_SIZE = 8;

    private DemandValues() {}

    static Bytes sized(String name, Bytes bytes, int size) {
        if (bytes.size() != size) {
            throw new IllegalArgumentException(name + " must be of " + size + " bytes, found " + bytes.size());
        }
        return bytes;
    }

    /** Zeros stand for "none" in a report, and a demand for them would let in what has none. */
    static Bytes notZero(String name, Bytes bytes, int size) {
        if (sized(name, bytes, size).isZero()) {
            throw new IllegalArgumentException(name + " must not be all zeros, found " + bytes);
        }
        return bytes;
    }

    /** CHIP_ID as a report has it, with zeros behind the 8 bytes of Turin. */
    static Bytes chipId(Bytes id) {
        Bytes whole = id.size() == TURIN_CHIP_ID_SIZE ? id.concat(Bytes.zeros(CHIP_ID_SIZE - TURIN_CHIP_ID_SIZE)) : id;
        if (whole.size() != CHIP_ID_SIZE) {
            throw new IllegalArgumentException("chip id must be of 64 bytes, or 8 on Turin, found " + id.size());
        }
        return notZero("chip id", whole, CHIP_ID_SIZE);
    }

    static long vector(String name, long vector) {
        if (vector == 0) {
            throw new IllegalArgumentException(name + " must name a mitigation, found no bit set");
        }
        return vector;
    }

    static String text(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " must say something, found nothing");
        }
        return text;
    }

    static String reason(String reason) {
        return text("reason", reason);
    }
}
