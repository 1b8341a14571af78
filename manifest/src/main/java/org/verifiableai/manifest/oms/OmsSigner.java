package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.files.WholeFile;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.pem.Pem;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * Signs models in the format of OpenSSF Model Signing v1.0, as v1.1.0 of the reference implementation and {@link OmsVerifier}
 * take them. Immutable and thread-safe.
 *
 * <p>A signature covers the names and contents of the files, save those that are left out; it says nothing of how the model
 * was made. Signed over parts, empty files are not covered: the format has no entry for them.
 */
public final class OmsSigner {

    /** The file name by convention. */
    public static final String FILE_NAME = "model.sig";

    private final SigningKey key;
    private final List<Bytes> certificates;
    private final long shardSize;
    private final SortedSet<String> ignored;

    private OmsSigner(Builder builder) {
        this.key = builder.key;
        this.certificates = List.copyOf(builder.certificates);
        this.shardSize = builder.shardSize;
        this.ignored = new TreeSet<>(builder.ignored);
    }

    /**
     * A signer with a key on P-256, P-384 or P-521.
     *
     * @throws IllegalArgumentException if {@code key} is Ed25519, which the format does not have
     */
    public static Builder builder(SigningKey key) {
        return new Builder(key);
    }

    /**
     * Signs files that have been hashed already, with a bare key.
     *
     * @param model what the model is called; a word, and no identity
     * @param files everything that is the model
     * @param ignored paths beside them that are no part of it
     * @return the bundle, one line of JSON without a line end
     * @throws IllegalArgumentException if {@code key} is Ed25519, {@code model} is empty, or an ignored path covers a file
     */
    public static Bytes sign(String model, FolderDigest files, SigningKey key, Collection<String> ignored) {
        Builder builder = builder(key);
        ignored.forEach(builder::ignore);
        List<Resource> resources = new ArrayList<>();
        files.files().forEach(file -> {
            if (IgnoredPaths.covers(builder.ignored, file.name())) {
                throw new IllegalArgumentException(
                        "ignored: expected paths beside the files, found that of " + file.name());
            }
            resources.add(Resource.ofFile(file.name(), file.sha256()));
        });
        return builder.build().bundle(model, builder.ignored, resources);
    }

    /**
     * Signs a model.
     *
     * @param model a folder of regular files and folders, or the one file of a model
     * @return the bundle, one line of JSON without a line end
     * @throws MalformedEvidenceException if the model has a symbolic link, a special file, a name that could mean another
     *     file elsewhere, or no file; or if a file changed while it was read
     * @throws IOException if a file cannot be read
     */
    public Bytes sign(Path model) throws MalformedEvidenceException, IOException {
        return sign(model, Set.of());
    }

    /**
     * Signs a model and leaves the bundle in a file, whole or not at all. A bundle that was there is replaced, and is no
     * part of the model where it lies in it.
     *
     * @param signature by convention {@link #FILE_NAME} in the model's folder
     * @throws MalformedEvidenceException as {@link #sign(Path)}
     * @throws IOException if a file cannot be read, or the bundle cannot be written
     */
    public void sign(Path model, Path signature) throws MalformedEvidenceException, IOException {
        Bytes bundle = sign(
                model, ModelListing.relativeName(model, signature).map(Set::of).orElse(Set.of()));
        Path temporary = ModelListing.folderOf(signature).resolve(".oms-" + UUID.randomUUID());
        WholeFile.write(temporary, signature, bundle);
    }

    private Bytes sign(Path model, Set<String> signature) throws MalformedEvidenceException, IOException {
        boolean folder = Files.isDirectory(model);
        SortedSet<String> all = new TreeSet<>(ignored);
        if (folder) {
            all.addAll(IgnoredPaths.DEFAULTS);
            all.addAll(signature);
        }
        ModelListing listing = ModelListing.of(model, all, Set.of(), Set.of());
        for (String name : listing.files().keySet()) {
            var defect = FileNames.defect(name);
            if (defect.isPresent()) {
                throw JsonObject.wrong("file name", defect.get(), name);
            }
        }
        List<Resource> resources = new FileHasher(serialization(), shardSize)
                .hash(listing.root(), listing.files().keySet());
        if (resources.isEmpty()) {
            throw JsonObject.wrong("model", "at least one file with content to sign", "none");
        }
        Path name = model.toRealPath().getFileName();
        return bundle(name == null ? "model" : name.toString(), all, resources);
    }

    private Serialization serialization() {
        return shardSize == 0 ? Serialization.FILES : Serialization.SHARDS;
    }

    private Bytes bundle(String model, Collection<String> left, List<Resource> resources) {
        if (model.isEmpty()) {
            throw new IllegalArgumentException("model: expected a name, found an empty one");
        }
        Bytes payload = OmsStatement.write(model, serialization(), shardSize, left, resources);
        DsseEnvelope envelope = DsseEnvelope.sign(OmsStatement.PAYLOAD_TYPE, payload, key);
        SigstoreBundle bundle = certificates.isEmpty()
                ? SigstoreBundle.ofKey(envelope)
                : SigstoreBundle.ofCertificates(envelope, certificates);
        return Bytes.utf8(bundle.toJson());
    }

    /** Collects how a model is signed. Not thread-safe. */
    public static final class Builder {

        private final SigningKey key;
        private final SortedSet<String> ignored = new TreeSet<>();
        private List<Bytes> certificates = List.of();
        private long shardSize;

        private Builder(SigningKey key) {
            this.key = key;
            SignerKey.kindDefect(key.publicKey()).ifPresent(defect -> {
                throw new IllegalArgumentException(defect);
            });
        }

        /**
         * Signs with certificates in place of a bare key.
         *
         * @param pem the signer's certificate first, then those above it in order; the root may be left out
         * @throws MalformedEvidenceException if {@code pem} holds no certificate, or something else
         * @throws IllegalArgumentException if the first certificate is of another key
         */
        public Builder certificates(List<Bytes> pem) throws MalformedEvidenceException {
            List<Bytes> ders = new ArrayList<>();
            for (Bytes file : pem) {
                ders.addAll(Pem.certificates("certificates", file));
            }
            if (ders.isEmpty() || ders.size() > SigstoreBundle.MAX_CERTIFICATES) {
                throw new IllegalArgumentException(
                        "certificates: expected 1 to " + SigstoreBundle.MAX_CERTIFICATES + ", found " + ders.size());
            }
            X509Certificate leaf = CertificatePath.parse("certificates", ders.get(0));
            if (!Bytes.of(leaf.getPublicKey().getEncoded()).equals(key.spki())) {
                throw new IllegalArgumentException("certificates: expected the signing key's first, found another's");
            }
            certificates = ders;
            return this;
        }

        /**
         * Lists parts of files in place of whole files.
         *
         * @param bytes of a part; 1,000,000,000 is usual
         */
        public Builder shardSize(long bytes) {
            if (bytes < 1 || bytes > 1L << 50) {
                throw new IllegalArgumentException("shard size: expected 1 to 2^50 bytes, found " + bytes);
            }
            shardSize = bytes;
            return this;
        }

        /**
         * Leaves a path out, with everything below it. It is written down in the signature.
         *
         * @param path relative to the model, with {@code /} between components
         * @throws IllegalArgumentException if it is a pattern, absolute, or has empty, {@code .} or {@code ..} components
         */
        public Builder ignore(String path) {
            IgnoredPaths.defect(path).ifPresent(expected -> {
                throw new IllegalArgumentException("ignored path: expected " + expected + ", found " + path);
            });
            ignored.add(path);
            return this;
        }

        public OmsSigner build() {
            return new OmsSigner(this);
        }
    }
}
