package org.verifiableai.manifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.files.WholeFile;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A model's folder on disk: the adapter's files, and beside them {@code claims.jsonl}, whose first line is the manifest,
 * and {@code evidence/}, whose files are named by their SHA-256.
 *
 * <p>Not part of the adapter's digest are, at the top of the folder and nowhere else, those two; {@code model.sig}, the
 * signature that tools of OpenSSF Model Signing read; and {@code .git}, {@code .gitignore}, {@code .gitattributes} and
 * {@code .github}, which those tools leave out too: a model that is pushed to a model repository is given some of them,
 * and its manifest has to stay valid. Everything else is part of it. What is left out is protected by nothing and may
 * hold anything, so it must be nothing that a loader reads.
 *
 * <p>Further lines of {@code claims.jsonl} are other people's claims, see {@link Claim}. Whatever they hold, they never
 * keep the manifest from being read. Lines end in LF alone; the last one may lack it. Reading is bounded and follows no
 * link. Writing goes through a temporary file and a move, so that a reader sees the old file or the new one; writers
 * hold each other off through {@code evidence/.writing-lock}, which is there while one of them writes.
 *
 * @param path the folder
 */
public record ManifestFolder(Path path) {

    /** The name of the file of claims. */
    public static final String CLAIMS = ModelFiles.CLAIMS;

    /** The name of the folder of evidence. */
    public static final String EVIDENCE = ModelFiles.EVIDENCE;

    /** The name of the signature that tools of OpenSSF Model Signing read. */
    public static final String MODEL_SIGNATURE = ModelFiles.SIGNATURE;

    /** How many lines a file of claims has at most, and how many bytes all of them have: 16 MiB. */
    public static final int MAX_CLAIMS = 1000;

    private static final String LOCK = ModelFiles.TEMPORARY + "lock";
    private static final int MAX_CLAIMS_SIZE = 16 << 20;
    private static final int MAX_EVIDENCE = 4 << 20;

    /** Does not touch the disk. */
    public ManifestFolder {
        Objects.requireNonNull(path, "path");
    }

    /**
     * Reads every file of the adapter.
     *
     * @throws MalformedEvidenceException as {@link FolderDigest#of(Path, java.util.Set)}; if the folder of evidence holds
     *     anything but files named by a digest; or if another entry that is left out is not of the kind that it should be
     * @throws IOException if something cannot be read
     */
    public FolderDigest adapter() throws MalformedEvidenceException, IOException {
        return ModelFiles.read(path);
    }

    /**
     * Reads the manifest, the first line of {@code claims.jsonl}, and nothing after it.
     *
     * @throws MalformedEvidenceException if there is none or it is not one
     * @throws IOException if it cannot be read
     */
    public SignedManifest manifest() throws MalformedEvidenceException, IOException {
        byte[] head = head(path.resolve(CLAIMS), CLAIMS, SignedManifest.MAX_SIZE + 1);
        Bytes line = Bytes.of(head, 0, lineEnd(head, 0));
        ClaimReader.requireLine(line);
        return SignedManifest.parse(line);
    }

    /**
     * Reads every line of {@code claims.jsonl}. A line that cannot be read is a {@link Claim.Unknown}.
     *
     * @return the claims in their order, the manifest first if it is one
     * @throws MalformedEvidenceException if there is no such file, or if it has more than {@value #MAX_CLAIMS} lines or
     *     more than 16 MiB; the manifest can be read even so
     * @throws IOException if it cannot be read
     */
    public List<Claim> claims() throws MalformedEvidenceException, IOException {
        List<Claim> claims = new ArrayList<>();
        for (Bytes line : lines()) {
            claims.add(Claim.read(line));
        }
        return claims;
    }

    /**
     * Adds a claim as the last line. The lines that are there stay as they are, byte for byte; one that is there already
     * is not added again.
     *
     * @param claim about this folder's manifest, and neither a manifest nor {@link Claim.Unknown}
     * @throws IllegalArgumentException if {@code claim} is of another kind or about another manifest
     * @throws MalformedEvidenceException if the folder has no manifest, or if there is no room for another claim
     * @throws IOException if something cannot be read or written, or if another writer does not let go
     */
    public void append(Claim claim) throws MalformedEvidenceException, IOException {
        if (claim instanceof Claim.Unknown || claim instanceof Claim.Manifest) {
            throw new IllegalArgumentException("claim: expected one about a manifest, found " + claim.kind());
        }
        manifest();
        ModelFiles.requireShape(path);
        Files.createDirectories(path.resolve(EVIDENCE));
        try (FolderLock lock = lock()) {
            Objects.requireNonNull(lock);
            requireAbout(claim, manifest().provenance());
            byte[] content = content();
            List<Bytes> lines = lines(content);
            if (lines.contains(claim.line())) {
                return;
            }
            if (lines.size() == MAX_CLAIMS) {
                throw JsonObject.wrong(CLAIMS, "fewer than " + MAX_CLAIMS + " lines", "as many");
            }
            ByteArrayOutputStream whole =
                    new ByteArrayOutputStream(content.length + claim.line().size() + 2);
            whole.write(content);
            if (content[content.length - 1] != '\n') {
                whole.write('\n');
            }
            whole.write(claim.line().toByteArray());
            whole.write('\n');
            if (whole.size() > MAX_CLAIMS_SIZE) {
                throw JsonObject.wrong(CLAIMS, "at most " + MAX_CLAIMS_SIZE + " bytes", "more with this claim");
            }
            writeAtomically(path.resolve(CLAIMS), Bytes.of(whole.toByteArray()));
        }
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

    /** As {@link #write(SignedManifest, List, Collection)}, with no further claims. */
    void write(SignedManifest manifest, Collection<Bytes> evidence) throws IOException {
        write(manifest, List.of(), evidence);
    }

    /**
     * Writes a manifest, claims about it, and its evidence. The claims come last, so that a folder with a manifest has its
     * evidence; a manifest that was there is replaced together with every further claim.
     */
    void write(SignedManifest manifest, List<Claim> further, Collection<Bytes> evidence) throws IOException {
        Path folder = Files.createDirectories(path.resolve(EVIDENCE));
        try (FolderLock lock = lock()) {
            Objects.requireNonNull(lock);
            for (Bytes piece : evidence) {
                writeAtomically(folder.resolve(piece.sha256().hex()), piece);
            }
            Bytes lines = Bytes.utf8(manifest.toJson() + "\n");
            for (Claim claim : further) {
                lines = lines.concat(claim.line(), Bytes.utf8("\n"));
            }
            writeAtomically(path.resolve(CLAIMS), lines);
        }
    }

    /** Reads {@code model.sig}; empty if there is none. */
    Optional<Bytes> modelSignature() throws MalformedEvidenceException, IOException {
        Path file = path.resolve(MODEL_SIGNATURE);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(read(file, MODEL_SIGNATURE, SignedManifest.MAX_SIZE))
                : Optional.empty();
    }

    /** Writes {@code model.sig}, or removes one that is there where {@code bundle} is empty. */
    void writeModelSignature(Optional<Bytes> bundle) throws IOException {
        Files.createDirectories(path.resolve(EVIDENCE));
        try (FolderLock lock = lock()) {
            Objects.requireNonNull(lock);
            if (bundle.isPresent()) {
                writeAtomically(path.resolve(MODEL_SIGNATURE), bundle.get());
            } else {
                Files.deleteIfExists(path.resolve(MODEL_SIGNATURE));
            }
        }
    }

    /** Removes what an earlier {@link #write} that was killed has left behind. */
    void removeLeftovers() throws IOException {
        Path folder = path.resolve(EVIDENCE);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (FolderLock lock = lock();
                DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ModelFiles.TEMPORARY + "*")) {
            Objects.requireNonNull(lock);
            for (Path leftover : leftovers) {
                if (!leftover.endsWith(LOCK)) {
                    Files.deleteIfExists(leftover);
                }
            }
        }
    }

    private static void requireAbout(Claim claim, Provenance provenance) {
        boolean about = true;
        if (claim instanceof Claim.Evaluated evaluated) {
            about = evaluated.evaluation().model().equals(ModelReference.to(provenance));
        } else if (claim instanceof Claim.Revoked revoked) {
            about = revoked.revocation().manifestDigest().equals(provenance.manifestDigest());
        } else if (claim instanceof Claim.Oms oms) {
            about = oms.root().equals(provenance.adapter().omsRoot());
        }
        if (!about) {
            throw new IllegalArgumentException("claim: expected one about the manifest " + provenance.manifestDigest()
                    + ", found one about another");
        }
    }

    private FolderLock lock() throws IOException {
        return FolderLock.acquire(path.resolve(EVIDENCE).resolve(LOCK));
    }

    /** The lines of {@code claims.jsonl} without their ends: at least one, which may be empty. */
    List<Bytes> lines() throws MalformedEvidenceException, IOException {
        return lines(content());
    }

    private byte[] content() throws MalformedEvidenceException, IOException {
        return read(path.resolve(CLAIMS), CLAIMS, MAX_CLAIMS_SIZE).toByteArray();
    }

    private static List<Bytes> lines(byte[] content) throws MalformedEvidenceException {
        List<Bytes> lines = new ArrayList<>();
        int start = 0;
        do {
            if (lines.size() == MAX_CLAIMS) {
                throw JsonObject.wrong(CLAIMS, "at most " + MAX_CLAIMS + " lines", "more");
            }
            int end = lineEnd(content, start);
            lines.add(Bytes.of(content, start, end - start));
            start = end + 1;
        } while (start < content.length);
        return lines;
    }

    private static int lineEnd(byte[] content, int start) {
        int end = start;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return end;
    }

    private static Bytes read(Path file, String name, int limit) throws MalformedEvidenceException, IOException {
        byte[] content = head(file, name, limit + 1);
        if (content.length > limit) {
            throw JsonObject.wrong(name, "at most " + limit + " bytes", "more");
        }
        return Bytes.of(content);
    }

    // The size on disk may be a lie by the time it is read, so the stream is what is bounded.
    private static byte[] head(Path file, String name, int size) throws MalformedEvidenceException, IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw JsonObject.wrong(
                    name, "a regular file", Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "something else" : "none");
        }
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(size);
        } catch (NoSuchFileException e) {
            throw JsonObject.wrong(name, "a regular file", "none");
        }
    }

    // Temporary files lie in the folder of evidence, so that one that a killed process leaves is never taken for a part
    // of the adapter.
    private void writeAtomically(Path target, Bytes content) throws IOException {
        WholeFile.write(path.resolve(EVIDENCE).resolve(ModelFiles.TEMPORARY + UUID.randomUUID()), target, content);
    }
}
