package org.verifiableai.attestation.snp.collateral;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Untrusted;
import org.verifiableai.attestation.internal.http.CacheFolder;
import org.verifiableai.attestation.internal.x509.Der;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;

/**
 * Certificates and revocation lists of a folder, for work without a network. Immutable and thread-safe: the folder is read
 * once, by {@link #load}, and what changes in it later shows when it is loaded again.
 *
 * <p>Files are known by what is in them. They may have any name that ends in {@code .pem}, {@code .crt}, {@code .cer},
 * {@code .der} or {@code .crl}, hold DER, or PEM with any number of certificates and lists, and lie in the folder or up to
 * four folders below it. So this reads a handful of files that were downloaded by hand as well as a folder that a
 * {@link KdsClient} keeps. Of several certificates for one key the one that was issued last counts.
 *
 * <p>A file, or a block in one, that does not serve is passed over and named in {@link #skipped()}; the others are read all the same.
 *
 * <pre>{@code
 * CertificateDirectory folder = CertificateDirectory.load(Path.of("certs"));
 * SnpEvidence evidence = EvidenceCompletion.from(folder).build().complete(report);
 * }</pre>
 */
public final class CertificateDirectory implements CertificateSource {

    /** The most files that are read. */
    public static final int MAX_FILES = CacheFolder.MAX_FILES;

    /** The largest file that is read, in bytes. */
    public static final int MAX_FILE_SIZE = Pem.MAX_SIZE;

    private static final int MAX_ENTRIES = 10 * MAX_FILES;
    private static final long MAX_TOTAL_SIZE = 64L * 1024 * 1024;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_REASON = 400;
    private static final Set<String> SUFFIXES = Set.of("pem", "crt", "cer", "der", "crl");

    private final CertificateIndex index;
    private final List<Skipped> skipped;

    private CertificateDirectory(CertificateIndex index, List<Skipped> skipped) {
        this.index = index;
        this.skipped = List.copyOf(skipped);
    }

    /**
     * A file or folder that was passed over.
     *
     * @param path where it is
     * @param reason why, on one line
     */
    public record Skipped(Path path, String reason) {}

    /**
     * Reads a folder.
     *
     * @throws EvidenceUnavailableException if {@code folder} is no folder or cannot be listed; not retryable
     */
    public static CertificateDirectory load(Path folder) throws EvidenceUnavailableException {
        Loader loader = new Loader();
        try {
            loader.list(folder, 0);
        } catch (IOException e) {
            throw new EvidenceUnavailableException("certificate folder cannot be read: " + folder, false, e);
        }
        Collections.sort(loader.files);
        loader.files.forEach(loader::read);
        return new CertificateDirectory(loader.index, loader.skipped);
    }

    /** What was passed over, and why; files of other names are not meant to be read and not mentioned. */
    public List<Skipped> skipped() {
        return skipped;
    }

    @Override
    public Optional<Bytes> vcek(VcekId id) {
        return index.vcek(id);
    }

    /** The certificate of a VLEK of this line at this TCB. Where providers share the folder, it may be of any of them. */
    @Override
    public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) {
        return index.vlek(line, tcb);
    }

    @Override
    public List<Bytes> authorities(ProductLine line, SigningKey key) {
        return index.authorities(line, key);
    }

    @Override
    public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at) {
        return index.revocationLists(line, key, at);
    }

    /** Where a block of a file goes. */
    @FunctionalInterface
    private interface Addition {
        void add(Bytes der) throws MalformedEvidenceException;
    }

    /** Reads what it can and notes what it cannot, within limits on depth, number and size. */
    private static final class Loader {

        private final CertificateIndex index = new CertificateIndex();
        private final List<Skipped> skipped = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private int entries;
        private long totalSize;

        void list(Path folder, int depth) throws IOException {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                for (Path path : stream) {
                    entries++;
                    if (entries > MAX_ENTRIES || files.size() >= MAX_FILES) {
                        skip(
                                folder,
                                "expected at most " + MAX_FILES + " certificates and lists and " + MAX_ENTRIES
                                        + " files in all, found more; the rest is not read");
                        return;
                    }
                    // Links to files are followed, since that is how volumes of secrets are laid out; links to folders
                    // are not, since they may lead round in a circle.
                    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                        listBelow(path, depth + 1);
                    } else if (hasSuffix(path)) {
                        files.add(path);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        private void listBelow(Path folder, int depth) {
            if (depth > MAX_DEPTH) {
                skip(folder, "expected at most " + MAX_DEPTH + " folders below the first, found more");
                return;
            }
            try {
                list(folder, depth);
            } catch (IOException e) {
                skip(folder, "cannot be listed: " + e);
            }
        }

        void read(Path file) {
            try {
                content(file).ifPresent(content -> take(file, content));
            } catch (IOException e) {
                skip(file, "cannot be read: " + e);
            }
        }

        private Optional<Bytes> content(Path file) throws IOException {
            if (!Files.isRegularFile(file)) {
                skip(file, "expected a regular file");
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_FILE_SIZE + 1);
                totalSize += content.length;
                if (content.length > MAX_FILE_SIZE) {
                    skip(file, "expected at most " + MAX_FILE_SIZE + " bytes, found more");
                    return Optional.empty();
                }
                if (totalSize > MAX_TOTAL_SIZE) {
                    skip(file, "expected at most " + MAX_TOTAL_SIZE + " bytes in all files, found more");
                    return Optional.empty();
                }
                return Optional.of(Bytes.of(content));
            }
        }

        private void take(Path file, Bytes content) {
            if (content.size() > 0 && content.unsigned(0) == Der.SEQUENCE) {
                takeDer(file, content);
                return;
            }
            List<Bytes> certificates = blocks("CERTIFICATE", content);
            List<Bytes> lists = blocks("X509 CRL", content);
            if (certificates.isEmpty() && lists.isEmpty()) {
                skip(file, "expected DER, or PEM of certificates or revocation lists, found neither");
            }
            certificates.forEach(certificate -> add(file, certificate, index::addCertificate));
            lists.forEach(list -> add(file, list, index::addRevocationList));
        }

        private void takeDer(Path file, Bytes content) {
            try {
                index.addCertificate(content);
            } catch (MalformedEvidenceException noCertificate) {
                try {
                    index.addRevocationList(content);
                } catch (MalformedEvidenceException noList) {
                    skip(
                            file,
                            "expected a certificate or a revocation list, found neither (" + noCertificate.getMessage()
                                    + "; " + noList.getMessage() + ")");
                }
            }
        }

        private void add(Path file, Bytes block, Addition addition) {
            try {
                addition.add(block);
            } catch (MalformedEvidenceException e) {
                skip(file, e.getMessage());
            }
        }

        private static List<Bytes> blocks(String label, Bytes content) {
            try {
                return Pem.blocks("file", label, content);
            } catch (MalformedEvidenceException e) {
                return List.of(); // that there is nothing of either label is reported once
            }
        }

        private static boolean hasSuffix(Path file) {
            String name = file.getFileName().toString();
            return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        }

        private void skip(Path path, String reason) {
            skipped.add(new Skipped(path, Untrusted.line(reason, MAX_REASON)));
        }
    }
}
