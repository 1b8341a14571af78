package org.verifiableai.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A model's folder on disk: the adapter's files, and beside them {@code claims.jsonl}, whose first line is the manifest,
 * and {@code evidence/}, whose files are named by their SHA-256. Those two are not part of the adapter's digest;
 * everything else is.
 *
 * <p>Further lines of {@code claims.jsonl} are other people's claims. They are neither read nor vouched for here.
 * Reading is bounded and follows no link; writing goes through a temporary file and a move.
 *
 * @param path the folder
 */
public record ManifestFolder(Path path) {

    /** The name of the file of claims. */
    public static final String CLAIMS = "claims.jsonl";

    /** The name of the folder of evidence. */
    public static final String EVIDENCE = "evidence";

    private static final String TEMPORARY = ".writing-";
    private static final int MAX_CLAIMS = 16 << 20;
    private static final int MAX_LINES = 10_000;
    private static final int MAX_EVIDENCE = 4 << 20;
    private static final int MAX_EVIDENCE_FILES = 1000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** Does not touch the disk. */
    public ManifestFolder {
        Objects.requireNonNull(path, "path");
    }

    /**
     * Reads every file of the adapter.
     *
     * @throws MalformedEvidenceException as {@link FolderDigest#of(Path, Set)}, and if the folder of evidence holds
     *     anything but files named by a digest, since whatever it holds escapes the adapter's digest
     * @throws IOException if something cannot be read
     */
    public FolderDigest adapter() throws MalformedEvidenceException, IOException {
        requireEvidenceFolder();
        return FolderDigest.of(path, Set.of(CLAIMS, EVIDENCE));
    }

    /**
     * Reads the manifest, the first line of {@code claims.jsonl}.
     *
     * @throws MalformedEvidenceException if there is none or it is not one
     * @throws IOException if it cannot be read
     */
    public SignedManifest manifest() throws MalformedEvidenceException, IOException {
        return SignedManifest.parse(lines().get(0));
    }

    /** The lines of {@code claims.jsonl} without their ends; the first is the manifest, and the last may be empty. */
    List<Bytes> lines() throws MalformedEvidenceException, IOException {
        byte[] claims = read(path.resolve(CLAIMS), CLAIMS, MAX_CLAIMS).toByteArray();
        List<Bytes> lines = new ArrayList<>();
        int start = 0;
        for (int end = 0; end <= claims.length; end++) {
            if (end == claims.length || claims[end] == '\n') {
                lines.add(Bytes.of(claims, start, end - start));
                start = end + 1;
            }
            if (lines.size() > MAX_LINES) {
                throw JsonObject.wrong(CLAIMS, "at most " + MAX_LINES + " lines", "more");
            }
        }
        return lines;
    }

    /**
     * Reads the piece of evidence with that digest.
     *
     * @param sha256 of the bytes, 32 bytes
     * @throws MalformedEvidenceException if there is none, or if its bytes have another digest
     * @throws IOException if it cannot be read
     */
    public Bytes evidence(Bytes sha256) throws MalformedEvidenceException, IOException {
        String name = EVIDENCE + "/" + sha256.hex();
        if (Files.isSymbolicLink(path.resolve(EVIDENCE))) {
            throw JsonObject.wrong(EVIDENCE, "a folder", "a symbolic link");
        }
        Bytes content = read(path.resolve(EVIDENCE).resolve(sha256.hex()), name, MAX_EVIDENCE);
        if (!content.sha256().equals(sha256)) {
            throw JsonObject.wrong(
                    name,
                    "content with the SHA-256 of its name",
                    content.sha256().hex());
        }
        return content;
    }

    /** Reads a small file of the adapter. */
    Bytes file(String name, int limit) throws MalformedEvidenceException, IOException {
        return read(path.resolve(name), name, limit);
    }

    /**
     * Writes a manifest and its evidence. The manifest comes last, so that a folder with a manifest has its evidence; a
     * manifest that was there is replaced together with every further claim.
     */
    void write(SignedManifest manifest, Collection<Bytes> evidence) throws IOException {
        write(List.of(manifest), evidence);
    }

    /** As {@link #write(SignedManifest, Collection)}, with further claims after the manifest. */
    void write(List<SignedManifest> claims, Collection<Bytes> evidence) throws IOException {
        Path folder = Files.createDirectories(path.resolve(EVIDENCE));
        for (Bytes piece : evidence) {
            writeAtomically(folder.resolve(piece.sha256().hex()), piece);
        }
        StringBuilder lines = new StringBuilder();
        claims.forEach(claim -> lines.append(claim.toJson()).append('\n'));
        writeAtomically(path.resolve(CLAIMS), Bytes.utf8(lines.toString()));
    }

    /** Removes what an earlier {@link #write} that was killed has left behind. */
    void removeLeftovers() throws IOException {
        Path folder = path.resolve(EVIDENCE);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, TEMPORARY + "*")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    private void requireEvidenceFolder() throws MalformedEvidenceException, IOException {
        Path folder = path.resolve(EVIDENCE);
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
                if (!DIGEST.matcher(name).matches() || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw JsonObject.wrong(EVIDENCE, "files named by their SHA-256 alone", name);
                }
                if (++count > MAX_EVIDENCE_FILES) {
                    throw JsonObject.wrong(EVIDENCE, "at most " + MAX_EVIDENCE_FILES + " files", "more");
                }
            }
        }
    }

    private static Bytes read(Path file, String name, int limit) throws MalformedEvidenceException, IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw JsonObject.wrong(
                    name, "a regular file", Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "something else" : "none");
        }
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            // The size on disk may be a lie by the time it is read, so the stream is what is bounded.
            byte[] content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                throw JsonObject.wrong(name, "at most " + limit + " bytes", "more");
            }
            return Bytes.of(content);
        } catch (NoSuchFileException e) {
            throw JsonObject.wrong(name, "a regular file", "none");
        }
    }

    // Temporary files lie in the folder of evidence, so that one that a killed process leaves is never taken for a part
    // of the adapter.
    private void writeAtomically(Path target, Bytes content) throws IOException {
        Path temporary = Files.createTempFile(path.resolve(EVIDENCE), TEMPORARY, "");
        try {
            Files.write(temporary, content.toByteArray());
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
