package org.verifiableai.manifest.oms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.pem.Pem;

/**
 * Judges signatures over models in the format of OpenSSF Model Signing: bundles of v0.3.1 to v1.1.0, by a bare key or by a
 * certificate. Immutable and thread-safe.
 *
 * <p>An acceptance says that whoever holds the key listed the files that are there, byte for byte. It says nothing of who
 * that is beyond what the caller knows of the key or the authority, nor of how the model was made, nor when it was signed.
 *
 * <pre>{@code
 * OmsVerifier verifier = OmsVerifier.ofPublicKey(pem).build();
 * OmsModel model = verifier.verify(folder, folder.resolve("model.sig"), OmsPolicy.standard()).orElseThrow().value();
 * }</pre>
 */
public final class OmsVerifier {

    private final @Nullable VerificationKey key;
    private final List<X509Certificate> authorities;
    private final Clock clock;
    private final SignatureEngine engine;

    private OmsVerifier(Builder builder) {
        this.key = builder.key();
        this.authorities = builder.authorities;
        this.clock = builder.clock;
        this.engine = builder.engine;
    }

    /**
     * A verifier that takes signatures by one key.
     *
     * @param key a SubjectPublicKeyInfo, as PEM with whatever stands around it or as DER
     * @throws MalformedEvidenceException if {@code key} holds none, or one in another than its canonical form
     */
    public static Builder ofPublicKey(Bytes key) throws MalformedEvidenceException {
        Bytes spki = Pem.publicKey("public key", key);
        SignatureEngine.bouncyCastle().key(spki);
        return new Builder(spki, null, List.of());
    }

    /** A verifier that takes signatures by one key, which an engine has read already. */
    public static Builder ofKey(VerificationKey key) {
        return new Builder(null, Objects.requireNonNull(key, "key"), List.of());
    }

    /**
     * A verifier that takes signatures with certificates for which one of some authorities vouches. Each is believed by
     * itself, be it a root or not.
     *
     * @param authorities certificates as PEM, at least one
     * @throws MalformedEvidenceException if there is none, or something that is no certificate
     */
    public static Builder ofAuthorities(List<Bytes> authorities) throws MalformedEvidenceException {
        List<X509Certificate> parsed = new ArrayList<>();
        for (Bytes pem : authorities) {
            for (Bytes der : Pem.certificates("authorities", pem)) {
                parsed.add(CertificatePath.parse("authorities", der));
            }
        }
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("authorities: expected at least one, found none");
        }
        return new Builder(null, null, List.copyOf(parsed));
    }

    /**
     * Judges the signature that lies in a file.
     *
     * @param model a folder, or the one file of a model
     * @param signature the bundle; where it lies in the folder it is no part of the model
     * @throws EvidenceUnavailableException if the signature or a file of the model cannot be read; the signature has to be
     *     a regular file, or a link to one
     */
    public Verdict<OmsModel> verify(Path model, Path signature, OmsPolicy policy) throws EvidenceUnavailableException {
        // It may have come with the model, and opening a pipe would wait for a writer.
        if (Files.exists(signature) && !Files.isRegularFile(signature)) {
            throw new EvidenceUnavailableException(
                    "signature: cannot read " + signature + ": not a regular file", false);
        }
        Optional<String> own;
        Bytes bundle;
        try (InputStream in = Files.newInputStream(signature)) {
            // One byte above the limit is enough for the reader to refuse.
            bundle = Bytes.of(in.readNBytes(SigstoreBundle.Limits.MODEL.bundle() + 1));
            own = ModelListing.relativeName(model, signature);
        } catch (IOException e) {
            throw unavailable("signature", signature, e);
        }
        return appraisal(policy)
                .judge(bundle, Subject.ofPath(model, own.map(Set::of).orElse(Set.of())));
    }

    /**
     * Judges a signature.
     *
     * @param model a folder, or the one file of a model
     * @param bundle as the signature's file holds it
     * @throws EvidenceUnavailableException if a file of the model cannot be read
     */
    public Verdict<OmsModel> verify(Path model, Bytes bundle, OmsPolicy policy) throws EvidenceUnavailableException {
        return appraisal(policy).judge(bundle, Subject.ofPath(model, Set.of()));
    }

    /**
     * Judges a signature over files that have been hashed already. Only whole files can be compared: a signature over
     * shards is rejected. Whatever is not in {@code files} is not looked at.
     *
     * @param files everything that is the model
     * @param bundle as the signature's file, or a line of claims, holds it
     */
    public Verdict<OmsModel> verify(FolderDigest files, Bytes bundle, OmsPolicy policy) {
        try {
            return appraisal(policy).judge(bundle, Subject.ofDigest(files));
        } catch (EvidenceUnavailableException e) {
            throw new IllegalStateException("digests need no file", e);
        }
    }

    private OmsAppraisal appraisal(OmsPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new OmsAppraisal(key, authorities, clock.instant(), engine, policy);
    }

    static EvidenceUnavailableException unavailable(String what, Path path, IOException e) {
        String reason =
                e instanceof NoSuchFileException ? "no such file" : e.getClass().getSimpleName();
        return new EvidenceUnavailableException(what + ": cannot read " + path + ": " + reason, false, e);
    }

    /** Collects what a verifier works with. Not thread-safe. */
    public static final class Builder {

        private final @Nullable Bytes publicKey;
        private final @Nullable VerificationKey decoded;
        private final List<X509Certificate> authorities;
        private Clock clock = Clock.systemUTC();
        private SignatureEngine engine = SignatureEngine.standard();

        private Builder(
                @Nullable Bytes publicKey, @Nullable VerificationKey decoded, List<X509Certificate> authorities) {
            this.publicKey = publicKey;
            this.decoded = decoded;
            this.authorities = authorities;
        }

        /**
         * Certificates have to be valid now by this clock; the system's by default. The bundle does not prove when it was
         * signed, so the time that it might claim counts for nothing; other tools take the first second of the signer's
         * certificate, under which a certificate never expires.
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** What checks signatures; the fastest at hand by default. */
        public Builder engine(SignatureEngine engine) {
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        public OmsVerifier build() {
            return new OmsVerifier(this);
        }

        // Once for each verifier, not for each signature that it judges.
        private @Nullable VerificationKey key() {
            if (publicKey == null) {
                return decoded;
            }
            try {
                return engine.key(publicKey);
            } catch (MalformedEvidenceException e) {
                throw new IllegalStateException("a key that was read before cannot be read", e);
            }
        }
    }
}
