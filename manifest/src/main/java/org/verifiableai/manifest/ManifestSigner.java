package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.attestation.machine.CcStatement;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuEvidenceSource;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.guest.ReportSource;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.oms.OmsSigner;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * A job that a machine has vouched for, with the key that will sign its manifest. Runs inside the guest. Thread-safe.
 *
 * <p>{@link Builder#attest()} comes before training: it makes the key, has the GPU answer a nonce made from it, and asks
 * for a report over key, challenge, job and GPU. {@link #sign(Path, RunRecord)} comes after, once: it asks for a second
 * report, over the finished manifest, and the key is forgotten as soon as all of it is on disk, so that one report never
 * stands behind two models.
 *
 * <pre>{@code
 * ManifestSigner signer = ManifestSigner.builder(job, reports).gpu(gpus).framework("djl", "0.36.0").attest();
 * trainer.train(adapterFolder);
 * signer.sign(adapterFolder, RunRecord.builder().seed(42).device("cuda:0").steps(1000).build());
 * }</pre>
 */
public final class ManifestSigner {

    private final Job job;
    private final ManifestEvidence evidence;
    private final ReportSource reports;
    private final SnpReport answered;
    private final boolean closing;
    private final Optional<LaunchConfiguration> launch;
    private final String builderId;
    private final SortedMap<String, String> framework;
    private final Clock clock;
    private final Instant startedOn;
    private final String invocationId;
    private @Nullable SigningKey key;

    private ManifestSigner(
            Builder builder, SigningKey key, ManifestEvidence evidence, SnpReport answered, Instant startedOn) {
        this.job = builder.job;
        this.reports = builder.reports;
        this.answered = answered;
        this.closing = builder.closing;
        this.launch = Optional.ofNullable(builder.launch);
        this.builderId = builder.builderId;
        this.evidence = evidence;
        this.framework = new TreeMap<>(builder.framework);
        this.clock = builder.clock;
        this.startedOn = startedOn;
        this.invocationId = "urn:uuid:" + UUID.randomUUID();
        this.key = key;
    }

    /**
     * Starts with what is always needed.
     *
     * @param job what is going to be trained
     * @param reports where the machine's report can be had
     */
    public static Builder builder(Job job, ReportSource reports) {
        return new Builder(job, reports);
    }

    /** The job that the machine vouched for. */
    public Job job() {
        return job;
    }

    /** The public key that will sign, as a DER SubjectPublicKeyInfo. */
    public Bytes spki() {
        return evidence.spki();
    }

    /** The machine's report with its endorsements. */
    public SnpEvidence report() {
        return evidence.snp();
    }

    /** The JSON of the GPUs' evidence, byte for byte as the report covers it; empty if the job uses none. */
    public Bytes gpuEvidence() {
        return evidence.gpuBytes();
    }

    /**
     * As {@link #sign(Path, RunRecord)}, with nothing said of the run.
     *
     * @param adapterFolder the finished adapter and nothing else
     */
    public SignedManifest sign(Path adapterFolder)
            throws MalformedEvidenceException, IOException, EvidenceUnavailableException {
        return sign(adapterFolder, RunRecord.EMPTY);
    }

    /**
     * Hashes the adapter's files, has the machine vouch once more, for the finished manifest, and writes
     * {@code claims.jsonl}, {@code evidence/} and {@code model.sig} beside them. The last is the signature of OpenSSF Model
     * Signing over the same files with the same key, which their tools read; there is none with Ed25519, which they do not
     * know.
     *
     * @param adapterFolder the finished adapter and nothing else; a manifest that is there already is replaced
     * @param record how training went; the job's own word
     * @return the manifest that was written
     * @throws MalformedEvidenceException if the folder holds what a manifest cannot, such as a symbolic link; see
     *     {@link FolderDigest#of(Path)}
     * @throws IOException if something cannot be read or written; the call may be repeated then
     * @throws EvidenceUnavailableException if the machine gives no closing report, or one of another guest; the call may be
     *     repeated where it says so
     * @throws IllegalStateException if this signer has signed already
     * @throws IllegalArgumentException if the manifest would be larger than a reader takes
     */
    public synchronized SignedManifest sign(Path adapterFolder, RunRecord record)
            throws MalformedEvidenceException, IOException, EvidenceUnavailableException {
        SigningKey signing = key;
        if (signing == null) {
            throw new IllegalStateException("this job has signed its manifest; each model needs a job of its own");
        }
        ManifestFolder folder = new ManifestFolder(adapterFolder);
        folder.removeLeftovers();
        List<EvidenceFile> files = evidence.files();
        Provenance provenance = Provenance.of(
                folder.adapter(),
                job,
                framework,
                new Provenance.Run(
                        invocationId, startedOn, clock.instant(), builderId, record, launch.map(GuestLaunch::of)),
                KeyReference.to(signing),
                files.stream().map(EvidenceFile::reference).toList());
        SignedManifest manifest = signed(provenance.payload(), signing);
        List<Claim> further = new ArrayList<>();
        Optional<Bytes> modelSignature = modelSignature(provenance.adapter(), signing);
        modelSignature.ifPresent(bundle -> further.add(Claim.read(bundle)));
        Set<Bytes> pieces = new LinkedHashSet<>();
        files.forEach(file -> pieces.add(file.content()));
        pieces.add(evidence.spki());
        if (closing) {
            List<EvidenceFile> last = ManifestEvidence.files(closingReport(signing, manifest));
            last.forEach(file -> pieces.add(file.content()));
            ClosingClaim claim = new ClosingClaim(
                    manifest.digest(),
                    last.stream().map(EvidenceFile::reference).toList());
            further.add(Claim.read(Bytes.utf8(signed(claim.payload(), signing).toJson())));
        }
        folder.writeModelSignature(modelSignature);
        folder.write(manifest, further, pieces);
        key = null;
        return manifest;
    }

    /** OpenSSF Model Signing knows no Ed25519. */
    private static Optional<Bytes> modelSignature(FolderDigest adapter, SigningKey signing) {
        return signing.algorithm() == SignatureAlgorithm.ED25519
                ? Optional.empty()
                : Optional.of(OmsSigner.sign("adapter", adapter, signing, ModelFiles.EXCLUDED));
    }

    private static SignedManifest signed(Bytes payload, SigningKey signing) throws MalformedEvidenceException {
        SignedManifest signed = SignedManifest.sign(payload, signing);
        // A fault while signing can give the key away, so a signature that does not verify is never let out.
        if (!signed.isSignedBy(signing.publicKey())) {
            throw new IllegalStateException("the signature that was just made does not verify");
        }
        return signed;
    }

    /** A guest that was launched anew in the meantime would only be noticed by the verifier. */
    private SnpEvidence closingReport(SigningKey signing, SignedManifest manifest) throws EvidenceUnavailableException {
        Bytes reportData = KeyBinding.closingData(signing.spki(), manifest.digest());
        SnpEvidence last = reports.report(reportData);
        Bytes finished = answer(last, reportData).reportId();
        Bytes began = answered.reportId();
        if (!finished.equals(began)) {
            throw new EvidenceUnavailableException(
                    "the closing report is of another guest: expected report id " + began + ", found " + finished,
                    false);
        }
        return last;
    }

    /** A source that answers something else would only be noticed after days of training. */
    private static SnpReport answer(SnpEvidence snp, Bytes reportData) throws EvidenceUnavailableException {
        try {
            SnpReport report = SnpReport.parse(snp.report());
            if (!report.reportData().equals(reportData)) {
                throw new EvidenceUnavailableException(
                        "the report is for other data: expected " + reportData + ", found " + report.reportData(),
                        false);
            }
            return report;
        } catch (MalformedEvidenceException e) {
            throw new EvidenceUnavailableException("the report is not one: " + e.getMessage(), false, e);
        }
    }

    /** Collects what stands behind a manifest. Not thread-safe. */
    public static final class Builder {

        private final Job job;
        private final ReportSource reports;
        private final SortedMap<String, String> framework = new TreeMap<>();
        private final List<GpuEvidenceSource> gpus = new ArrayList<>();
        private @Nullable CcMode ccMode;
        private GpuCollateral collateral = GpuCollateral.NONE;
        private @Nullable SigningKey key;
        private @Nullable LaunchConfiguration launch;
        private String builderId = Provenance.BUILDER;
        private boolean closing = true;
        private Clock clock = Clock.systemUTC();

        private Builder(Job job, ReportSource reports) {
            this.job = Objects.requireNonNull(job, "job");
            this.reports = Objects.requireNonNull(reports, "reports");
        }

        /**
         * Where a GPU's evidence can be had; may be called for several. Without it the manifest speaks of no GPU.
         */
        public Builder gpu(GpuEvidenceSource source) {
            gpus.add(Objects.requireNonNull(source, "source"));
            return this;
        }

        /** States the mode of the GPUs, as their driver told it: see {@link org.verifiableai.attestation.machine.CcStatement}. */
        public Builder ccMode(CcMode mode) {
            ccMode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /** Lays NVIDIA's word on the GPUs beside the manifest, so that they can be verified later and without network. */
        public Builder collateral(GpuCollateral vouchers) {
            collateral = Objects.requireNonNull(vouchers, "vouchers");
            return this;
        }

        /** Names software that trains and its version. */
        public Builder framework(String name, String version) {
            framework.put(name, version);
            return this;
        }

        /**
         * States how this guest was launched, for a reader who does not know its measurement. It has to be true: the
         * verifier computes the measurement from it.
         */
        public Builder launch(LaunchConfiguration configuration) {
            launch = Objects.requireNonNull(configuration, "configuration");
            return this;
        }

        /**
         * Names what builds here, in place of {@link Provenance#BUILDER}.
         *
         * @throws IllegalArgumentException if {@code uri} is not an absolute URI
         */
        public Builder builderId(String uri) {
            Uris.requireAbsolute("builder", uri);
            builderId = uri;
            return this;
        }

        /**
         * Asks for no report when the job is done, for a machine that gives only one. Verifiers refuse such a manifest
         * unless their policy says otherwise.
         */
        public Builder withoutClosing() {
            closing = false;
            return this;
        }

        /**
         * A key made by the caller inside the guest, for this job alone, where it is not to be P-384. By default one is
         * made.
         */
        public Builder key(SigningKey signing) {
            key = Objects.requireNonNull(signing, "signing");
            return this;
        }

        /** Tells when the job starts and finishes; the system's clock by default. */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Has the machine vouch for the job.
         *
         * @throws EvidenceUnavailableException if the report or the GPU's evidence cannot be had, or is not one
         */
        public ManifestSigner attest() throws EvidenceUnavailableException {
            // The order is that of vai-kb/1: key, GPU nonce, GPU evidence, report. Each covers what came before.
            SigningKey signing = key == null ? SigningKey.generate() : key;
            Instant startedOn = clock.instant();
            Bytes nonce = job.challenge();
            Bytes gpuBytes = gpus.isEmpty() ? Bytes.EMPTY : gpuBytes(KeyBinding.gpuNonce(signing.spki(), nonce));
            Bytes reportData = KeyBinding.reportData(signing.spki(), nonce, job.canonical(), gpuBytes);
            SnpEvidence snp = reports.report(reportData);
            return new ManifestSigner(
                    this,
                    signing,
                    new ManifestEvidence(signing.spki(), snp, gpuBytes, collateral),
                    answer(snp, reportData),
                    startedOn);
        }

        private Bytes gpuBytes(Bytes nonce) throws EvidenceUnavailableException {
            List<GpuEvidence> devices = new ArrayList<>();
            for (GpuEvidenceSource gpu : gpus) {
                devices.add(gpu.evidence(nonce));
            }
            try {
                Bytes json =
                        ccMode == null ? Bytes.utf8(GpuEvidence.toJson(devices)) : CcStatement.write(devices, ccMode);
                GpuEvidence.parseJson(json);
                return json;
            } catch (IllegalArgumentException | MalformedEvidenceException e) {
                throw new EvidenceUnavailableException("the GPU's evidence is not one: " + e.getMessage(), false, e);
            }
        }
    }
}
