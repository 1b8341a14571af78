package org.verifiableai.examples.vai;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.Contribution;
import org.verifiableai.manifest.data.Leaves;
import org.verifiableai.manifest.data.SaltSecret;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How the records of a file become leaves of its tree; as they are, unless one of these is given. */
final class LeavesOptions {

    private static final int SECRET_LIMIT = 66;
    private static final int CONTRIBUTORS_LIMIT = 16 << 20;
    private static final Pattern SECRET = Pattern.compile("[0-9a-f]{64}\\R?");

    @ArgGroup
    private final Rule rule = new Rule();

    Leaves leaves() throws EvidenceUnavailableException {
        if (rule.saltSecret != null) {
            return Leaves.salted(secret(rule.saltSecret));
        }
        return rule.contributors != null ? contributed(rule.contributors) : Leaves.raw();
    }

    // Both files are the caller's own word, so that a bad one is wrong usage.
    private static SaltSecret secret(Path file) throws EvidenceUnavailableException {
        String text;
        try {
            text = new String(
                    InputFile.read("salt secret", file, SECRET_LIMIT).toByteArray(), StandardCharsets.US_ASCII);
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (!SECRET.matcher(text).matches()) {
            throw new IllegalArgumentException("salt secret: expected 64 lower-case hex digits in " + file);
        }
        return SaltSecret.of(Bytes.fromHex(text.strip()));
    }

    private static Leaves contributed(Path file) throws EvidenceUnavailableException {
        try {
            return Leaves.contributed(Contribution.parse(InputFile.read("contributors", file, CONTRIBUTORS_LIMIT)));
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("contributors " + file + ": " + e.getMessage(), e);
        }
    }

    /** One of them at most. */
    static final class Rule {

        @Option(
                names = "--salt-secret",
                paramLabel = "FILE",
                description = "Salt every record (salted-v1): 64 hex digits that are kept secret, such as of openssl"
                        + " rand -hex 32, for this file only.")
        private @Nullable Path saltSecret;

        @Option(
                names = "--contributors",
                paramLabel = "FILE",
                description =
                        "Put contributors into the leaves (contributor-v1):"
                                + " {\"contributions\":[{\"contributor\":\"...\",\"records\":N}, ...]} in the order of the records.")
        private @Nullable Path contributors;
    }
}
