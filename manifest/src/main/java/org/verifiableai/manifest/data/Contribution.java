package org.verifiableai.manifest.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * A run of consecutive records that one contributor gave. Whoever puts the file together writes it down; that the
 * contributor is who the name says is for others to check.
 *
 * @param contributor who, such as an account or a DID: 1 to 255 bytes of UTF-8, compared byte by byte
 * @param records how many records, at least one
 */
public record Contribution(String contributor, long records) {

    private static final String FILE = "contributions";
    private static final int MAX_CONTRIBUTOR = 255;
    private static final int MAX_RUNS = 1_000_000;
    private static final int MAX_SIZE = 16 << 20;

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the contributor is not 1 to 255 bytes of well-formed Unicode, or if the count is
     *     not within 1 to 2^53-1
     */
    public Contribution {
        requireContributor(contributor);
        if (records < 1 || records > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException(
                    "records of " + contributor + ": expected 1 to 2^53-1, found " + records);
        }
    }

    /**
     * Reads runs in the order of the records: {@code {"contributions":[{"contributor":"...","records":N}, ...]}}, strict
     * JSON of at most 16 MiB with no other members.
     *
     * @throws MalformedEvidenceException if {@code json} is anything else
     */
    public static List<Contribution> parse(Bytes json) throws MalformedEvidenceException {
        JsonObject root = JsonObject.of(FILE, StrictJson.parse(FILE, json, MAX_SIZE));
        root.requireOnly(Set.of(FILE));
        List<Contribution> runs = new ArrayList<>();
        for (JsonObject run : root.objects(FILE, MAX_RUNS)) {
            run.requireOnly(Set.of("contributor", "records"));
            try {
                runs.add(new Contribution(run.text("contributor"), run.natural("records")));
            } catch (IllegalArgumentException e) {
                throw JsonObject.wrong(run.path(), "a contribution", String.valueOf(e.getMessage()));
            }
        }
        return runs;
    }

    static void requireContributor(String contributor) {
        int size = contributor.getBytes(StandardCharsets.UTF_8).length;
        if (size < 1 || size > MAX_CONTRIBUTOR || !StrictJson.isWellFormed(contributor)) {
            throw new IllegalArgumentException("contributor: expected 1 to " + MAX_CONTRIBUTOR
                    + " bytes of well-formed Unicode, found " + size + " bytes");
        }
    }

    /** What stands before the record's digest in the entry of a leaf: one byte of length, then UTF-8. */
    static Bytes entryPrefix(String contributor) {
        Bytes name = Bytes.utf8(contributor);
        return Bytes.of((byte) name.size()).concat(name);
    }
}
