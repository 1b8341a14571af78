package org.verifiableai.attestation.internal.x509;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads a Time (RFC 5280, section 4.1.2.5): whole seconds, always UTC. */
final class Time {

    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;

    private Time() {}

    /** As {@link #read}, of a GeneralizedTime only, which is all that OCSP has. */
    static Instant readGeneralized(String field, Der parent) throws MalformedEvidenceException {
        if (parent.next(UTC_TIME)) {
            throw new MalformedEvidenceException(field, parent.offset(), "a GeneralizedTime", "a UTCTime");
        }
        return read(field, parent);
    }

    static Instant read(String field, Der parent) throws MalformedEvidenceException {
        long offset = parent.offset();
        boolean utc = parent.next(UTC_TIME);
        Bytes content = parent.content(field, utc ? UTC_TIME : GENERALIZED_TIME);
        String text = new String(content.toByteArray(), StandardCharsets.US_ASCII);
        if (!text.matches(utc ? "[0-9]{12}Z" : "[0-9]{14}Z")) {
            throw new MalformedEvidenceException(field, offset, "a time of whole seconds in UTC", text);
        }
        int year = utc ? twoDigitYear(number(text, 0, 2)) : number(text, 0, 4);
        int at = utc ? 2 : 4;
        try {
            return LocalDateTime.of(
                            year,
                            number(text, at, 2),
                            number(text, at + 2, 2),
                            number(text, at + 4, 2),
                            number(text, at + 6, 2),
                            number(text, at + 8, 2))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new MalformedEvidenceException(field, offset, "a date and time that exist", text);
        }
    }

    // RFC 5280, section 4.1.2.5.1: 50 and above are of the twentieth century.
    private static int twoDigitYear(int year) {
        return year >= 50 ? 1900 + year : 2000 + year;
    }

    private static int number(String text, int from, int digits) {
        return Integer.parseInt(text.substring(from, from + digits));
    }
}
