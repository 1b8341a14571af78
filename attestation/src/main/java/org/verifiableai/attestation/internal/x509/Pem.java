package org.verifiableai.attestation.internal.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads DER that may come as itself or as PEM (RFC 7468) with any number of blocks and text around them; writes PEM. */
public final class Pem {

    /** The largest file that is read, in bytes. */
    public static final int MAX_SIZE = 1024 * 1024;

    private static final int MAX_BLOCKS = 64;
    private static final int LINE = 64;
    private static final int SEQUENCE = 0x30;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    private Pem() {}

    /**
     * The DER of every block with this label, in order; the whole input if it is DER already.
     *
     * @param field what is read, for messages
     * @param label the label between the dashes, such as {@code CERTIFICATE}
     * @throws MalformedEvidenceException if there is no such block, a block does not end, or its text is not base64
     */
    public static List<Bytes> blocks(String field, String label, Bytes input) throws MalformedEvidenceException {
        if (input.size() > MAX_SIZE) {
            throw new MalformedEvidenceException(field, 0, "at most " + MAX_SIZE + " bytes", input.size() + " bytes");
        }
        if (!input.isEmpty() && input.unsigned(0) == SEQUENCE) {
            return List.of(input);
        }
        String text = new String(input.toByteArray(), StandardCharsets.ISO_8859_1);
        List<Bytes> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String found = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            String end = "-----END " + found + DASHES;
            int stop = text.indexOf(end, begin);
            if (labelEnd < 0 || stop < labelEnd + DASHES.length()) {
                throw new MalformedEvidenceException(field, begin, "a PEM block with an end", "no end");
            }
            if (found.equals(label)) {
                if (blocks.size() == MAX_BLOCKS) {
                    throw new MalformedEvidenceException(field, begin, "at most " + MAX_BLOCKS + " blocks", "more");
                }
                blocks.add(decode(field, begin, text.substring(labelEnd + DASHES.length(), stop)));
            }
            // On from the end: blocks do not nest, and to look again inside would take quadratic time.
            begin = text.indexOf(BEGIN, stop);
        }
        if (blocks.isEmpty()) {
            throw new MalformedEvidenceException(field, 0, "DER or PEM of a " + label, "neither");
        }
        return blocks;
    }

    /**
     * The DER of the one block with this label; the whole input if it is DER already.
     *
     * @throws MalformedEvidenceException as {@link #blocks}, and if there are several
     */
    public static Bytes single(String field, String label, Bytes input) throws MalformedEvidenceException {
        List<Bytes> blocks = blocks(field, label, input);
        if (blocks.size() != 1) {
            throw new MalformedEvidenceException(
                    field, MalformedEvidenceException.NO_OFFSET, "one " + label, "" + blocks.size());
        }
        return blocks.get(0);
    }

    /** One block with this label for each of {@code ders}, in order, as text in ASCII (RFC 7468, section 2). */
    public static Bytes write(String label, List<Bytes> ders) {
        Base64.Encoder encoder = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
        StringBuilder text = new StringBuilder();
        for (Bytes der : ders) {
            text.append(BEGIN)
                    .append(label)
                    .append(DASHES)
                    .append('\n')
                    .append(encoder.encodeToString(der.toByteArray()))
                    .append("\n-----END ")
                    .append(label)
                    .append(DASHES)
                    .append('\n');
        }
        return Bytes.utf8(text.toString());
    }

    private static Bytes decode(String field, int offset, String body) throws MalformedEvidenceException {
        try {
            return Bytes.of(Base64.getDecoder().decode(body.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException(field, offset, "base64", "something else");
        }
    }
}
