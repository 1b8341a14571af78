package org.verifiableai.attestation;

import org.verifiableai.attestation.internal.Untrusted;

/**
 * Bytes are not what they claim to be. The only exception that a parser of this SDK throws at hostile input.
 *
 * <p>The message reads {@code field at offset 0x1a0: expected this, found that}.
 */
public final class MalformedEvidenceException extends Exception {

    /** The offset of a field that has no place of its own, such as one that is missing. */
    public static final long NO_OFFSET = -1;

    private static final long serialVersionUID = 1L;
    private static final int MAX_FIELD = 200;
    private static final int MAX_FOUND = 200;
    private static final int MAX_EXPECTED = 400;

    private final String field;
    private final long offset;
    private final String expected;
    private final String found;

    /**
     * Describes a defect.
     *
     * @param field the field's name in its specification; escaped and limited in length, since it may be a name that the
     *     evidence has
     * @param offset the byte offset within the evidence, or {@link #NO_OFFSET}
     * @param expected what the specification wants there; escaped and limited in length too, since it may name a member
     *     that the evidence has
     * @param found what is there; escaped and limited in length, since it may be hostile
     */
    public MalformedEvidenceException(String field, long offset, String expected, String found) {
        this.field = Untrusted.line(field, MAX_FIELD);
        this.offset = offset;
        this.expected = Untrusted.line(expected, MAX_EXPECTED);
        this.found = Untrusted.line(found, MAX_FOUND);
    }

    /** One line that names the field, its place, what was expected and what was found. */
    @Override
    public String getMessage() {
        return field + (offset == NO_OFFSET ? "" : " at offset 0x" + Long.toHexString(offset)) + ": expected "
                + expected + ", found " + found;
    }

    /** The field's name in its specification. */
    public String field() {
        return field;
    }

    /** The byte offset within the evidence, or {@link #NO_OFFSET}. */
    public long offset() {
        return offset;
    }

    /** What the specification wants there. */
    public String expected() {
        return expected;
    }

    /** What is there. */
    public String found() {
        return found;
    }
}
