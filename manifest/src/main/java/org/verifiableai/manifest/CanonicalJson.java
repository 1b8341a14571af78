package org.verifiableai.manifest;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * The canonical form of JSON (RFC 8785, JCS): one string of bytes for all documents of one meaning, so that its digest
 * names the meaning. That two documents have one canonical form says that every reader of I-JSON sees the same in both;
 * it says nothing about who wrote them.
 *
 * <p>Numbers are IEEE 754 doubles, as RFC 8785 has it: an integer beyond +-(2^53-1) comes out as the nearest double. The
 * payload of a manifest holds no such number and no fraction; {@link Provenance#parse} refuses them.
 *
 * <p>Stateless and safe for use by several threads.
 *
 */
public final class CanonicalJson {

    /** The size of the documents that are taken, 64 MiB. */
    public static final int MAX_SIZE = 64 << 20;

    private CanonicalJson() {}

    /**
     * The canonical form of {@code document}, in UTF-8, without a line end.
     *
     * @param document UTF-8 without a byte order mark, any JSON value at top level, nested at most 256 deep
     * @throws MalformedEvidenceException if {@code document} is no I-JSON (RFC 7493): a name twice in one object,
     *     ill-formed UTF-8, a lone surrogate, a number that no finite double is near, or anything behind the value
     */
    public static Bytes of(Bytes document) throws MalformedEvidenceException {
        return Jcs.write(StrictJson.parseIJson("document", document, MAX_SIZE));
    }

    /** Whether {@code document} is in canonical form already; false also of what is no I-JSON. */
    public static boolean is(Bytes document) {
        try {
            return of(document).equals(document);
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }
}
