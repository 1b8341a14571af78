package org.verifiableai.manifest.internal.pem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * Reads the blocks of PEM text (RFC 7468) with whatever stands around them. No message repeats what is in a block: it may be
 * a private key.
 */
public final class Pem {

    /** The largest text that is read, in bytes. */
    public static final int MAX_SIZE = 1 << 20;

    private static final int MAX_BLOCKS = 512;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    private Pem() {}

    /**
     * One block.
     *
     * @param label between the dashes, such as {@code PRIVATE KEY}
     * @param der what the base64 decodes to; empty where the block has headers, as encrypted keys of old have
     */
    public record Block(String label, Bytes der) {

        /** The label alone. */
        @Override
        public String toString() {
            return "Block[" + label + "]";
        }
    }

    /**
     * Every block, in order.
     *
     * @param field what is read, for messages
     * @throws MalformedEvidenceException if a block does not end or is not base64, or there are too many
     */
    public static List<Block> blocks(String field, Bytes pem) throws MalformedEvidenceException {
        if (pem.size() > MAX_SIZE) {
            throw JsonObject.wrong(field, "at most " + MAX_SIZE + " bytes", pem.size() + " bytes");
        }
        String text = new String(pem.toByteArray(), StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int stop = label.isEmpty() ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (stop < labelEnd + DASHES.length()) {
                throw JsonObject.wrong(field, "PEM whose blocks end", "a block without an end");
            }
            if (blocks.size() == MAX_BLOCKS) {
                throw JsonObject.wrong(field, "at most " + MAX_BLOCKS + " PEM blocks", "more");
            }
            blocks.add(new Block(label, decode(field, text.substring(labelEnd + DASHES.length(), stop))));
            // On from the end: blocks do not nest, and to look again inside would take quadratic time.
            begin = text.indexOf(BEGIN, stop);
        }
        return blocks;
    }

    /** The DER of every certificate in {@code pem}; there has to be one. */
    public static List<Bytes> certificates(String field, Bytes pem) throws MalformedEvidenceException {
        List<Bytes> certificates = blocks(field, pem).stream()
                .filter(b -> b.label().equals("CERTIFICATE"))
                .map(Block::der)
                .toList();
        if (certificates.isEmpty()) {
            throw JsonObject.wrong(field, "PEM with a CERTIFICATE", "none");
        }
        return certificates;
    }

    /** The SubjectPublicKeyInfo in {@code pem}, of which there has to be exactly one; or {@code pem}, if it is DER. */
    public static Bytes publicKey(String field, Bytes pem) throws MalformedEvidenceException {
        if (!pem.isEmpty() && pem.unsigned(0) == 0x30) {
            return pem;
        }
        List<Bytes> keys = blocks(field, pem).stream()
                .filter(b -> b.label().equals("PUBLIC KEY"))
                .map(Block::der)
                .toList();
        if (keys.size() != 1) {
            throw JsonObject.wrong(
                    field, "PEM with one PUBLIC KEY", keys.isEmpty() ? "none" : keys.size() + " of them");
        }
        return keys.get(0);
    }

    private static Bytes decode(String field, String body) throws MalformedEvidenceException {
        if (body.indexOf(':') >= 0) {
            return Bytes.EMPTY; // a header of RFC 1421, which only encrypted keys have
        }
        byte[] decoded = new byte[0];
        try {
            decoded = Base64.getDecoder().decode(body.replaceAll("[ \\t\\r\\n]", ""));
            return Bytes.of(decoded);
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(field, "base64 between the dashes", "something else");
        } finally {
            Arrays.fill(decoded, (byte) 0);
        }
    }
}
