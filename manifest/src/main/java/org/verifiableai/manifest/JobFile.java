package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A file that a job uses beside base model and data: the archive of its code, its tokenizer, its chat template.
 *
 * @param name what the job calls it, 1 to 128 letters, digits, {@code . _ / -}; for a file of the base model its name there
 * @param sha256 SHA-256 of its bytes, 32 bytes
 */
public record JobFile(String name, Bytes sha256) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
    private static final String DIGEST = "digest";

    /**
     * Checks form and size.
     *
     * @throws IllegalArgumentException if the name is not one, or the digest is not of 32 bytes or all zero
     */
    public JobFile {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "file of a job: expected a name of the form " + NAME + ", found " + name);
        }
        if (sha256.size() != 32 || sha256.isZero()) {
            throw new IllegalArgumentException(
                    "sha256 of " + name + ": expected 32 bytes, not all zero, found " + sha256);
        }
    }

    void write(ObjectNode into) {
        into.put("name", name).putObject(DIGEST).put("sha256", sha256.hex());
    }

    static JobFile parse(JsonObject from) throws MalformedEvidenceException {
        from.requireOnly(Set.of("name", DIGEST));
        from.object(DIGEST).requireOnly(Set.of("sha256"));
        try {
            return new JobFile(from.text("name"), from.object(DIGEST).sha256("sha256"));
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(from.path(), "a file of a job", String.valueOf(e.getMessage()));
        }
    }
}
