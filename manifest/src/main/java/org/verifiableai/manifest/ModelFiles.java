package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * Which files in a model's folder are the model. What is left out is what speaks of the model and what version control
 * puts beside it; no digest protects it, so that each of those has to be of the kind that no loader reads.
 */
final class ModelFiles {

    static final String CLAIMS = "claims.jsonl";
    static final String EVIDENCE = "evidence";
    static final String SIGNATURE = "model.sig";

    /** Temporary files and the lock of a writer begin so. */
    static final String TEMPORARY = ".writing-";

    // OpenSSF Model Signing v1.0 leaves out the last four at the top of the folder, and nowhere else.
    private static final Set<String> PLAIN_FILES = Set.of(CLAIMS, SIGNATURE, ".gitignore", ".gitattributes");
    static final Set<String> EXCLUDED =
            Set.of(CLAIMS, SIGNATURE, EVIDENCE, ".git", ".gitignore", ".gitattributes", ".github");

    private static final int MAX_EVIDENCE_FILES = 1000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private ModelFiles() {}

    static FolderDigest read(Path folder) throws MalformedEvidenceException, IOException {
        requireShape(folder);
        return FolderDigest.of(folder, EXCLUDED);
    }

    /** Whether an entry at the top of a model's folder is left out of its digest. */
    static boolean isExcluded(String name) {
        return EXCLUDED.contains(name);
    }

    static void requireShape(Path folder) throws MalformedEvidenceException, IOException {
        for (String name : PLAIN_FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw JsonObject.wrong(name, "a regular file", "something else");
            }
        }
        requireEvidence(folder.resolve(EVIDENCE));
    }

    private static void requireEvidence(Path folder) throws MalformedEvidenceException, IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw JsonObject.wrong(EVIDENCE, "a folder", "something else");
        }
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = Objects.requireNonNull(entry.getFileName()).toString();
                // A writer may be at work beside a reader: what it puts down for a moment is nobody's evidence.
                if (name.startsWith(TEMPORARY)) {
                    continue;
                }
                if (!DIGEST.matcher(name).matches() || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw JsonObject.wrong(EVIDENCE, "files named by their SHA-256 alone", name);
                }
                if (++count > MAX_EVIDENCE_FILES) {
                    throw JsonObject.wrong(EVIDENCE, "at most " + MAX_EVIDENCE_FILES + " files", "more");
                }
            }
        }
    }
}
