package org.verifiableai.attestation.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/**
 * Judges a whole machine: processor, guest, key and GPUs in one verdict. Immutable and thread-safe; it touches neither
 * network nor disk.
 *
 * <p>An acceptance proves that a guest with the policy's measurement, on a processor of AMD, made the key; that it was
 * given the policy's challenge and took on this job before it asked for the report; and that genuine GPUs, which run the
 * firmware that NVIDIA published, answered a nonce made from that key and that challenge. Evidence of another machine's
 * GPUs is refused, since their nonce or the report's data do not come out.
 *
 * <p>It does not prove that the GPUs sit in the machine of the processor: measured software that hands the nonce on to a
 * genuine GPU elsewhere is not found out this way, so that the measurement has to stand for software that does not. Nor
 * does any part prove the mode of a GPU; for that the guest's word is taken, see {@link CcStatement}.
 *
 * <pre>{@code
 * Verdict<Machine> verdict = MachineVerifier.builder().build().verify(evidence, policy);
 * Bytes key = verdict.orElseThrow().value().spki();
 * }</pre>
 */
public final class MachineVerifier {

    private static final int FINGERPRINT_SIZE = 32;

    private final SnpVerifier snp;
    private final GpuVerifier gpu;

    private MachineVerifier(Builder builder) {
        this.snp = builder.snp;
        this.gpu = builder.gpu;
    }

    /** A verifier to be set up: AMD's and NVIDIA's authorities and the system's clock unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs every check: those of {@link SnpChecks}, of {@link MachineChecks}, and where the policy demands GPUs those of
     * {@link GpuChecks}.
     *
     * @param evidence what the machine handed over, and what NVIDIA says of its GPUs
     * @param policy what the relying party demands
     * @return the verdict; evidence however malformed gives a rejection and no exception
     */
    public Verdict<Machine> verify(MachineEvidence evidence, MachinePolicy policy) {
        Appraisal appraisal = new Appraisal();
        Optional<Bytes> vouchedFor = reportData(evidence.snp());
        boolean legacy = vouchedFor.filter(KeyBinding::isLegacy).isPresent();
        SnpPolicy demands = policy.snp().toBuilder()
                .expectedReportData(
                        expected(evidence, legacy && policy.legacyKeyBinding().isPresent()))
                .build();
        Verdict<SnpReport> processor = snp.verify(evidence.snp(), demands);
        appraisal.include(processor);
        if (vouchedFor.isEmpty()) {
            appraisal.block(MachineChecks.KEY, SnpChecks.FORMAT);
        } else {
            key(evidence, vouchedFor.get(), policy, appraisal);
        }
        challenge(evidence, policy, appraisal);
        Optional<GpuSystem> gpus = gpus(evidence, policy, appraisal);
        return appraisal.verdict(machine(evidence, processor, gpus));
    }

    private static @Nullable Machine machine(
            MachineEvidence evidence, Verdict<SnpReport> processor, Optional<GpuSystem> gpus) {
        return processor instanceof Verdict.Accepted<SnpReport> accepted
                ? new Machine(evidence.spki(), accepted.verified().value(), gpus)
                : null;
    }

    /** What the report holds; empty if it is none, as {@code snp.format} says. */
    private static Optional<Bytes> reportData(SnpEvidence evidence) {
        try {
            return Optional.of(SnpReport.parse(evidence.report()).reportData());
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }

    /** The report's data are derived from everything that the report has to vouch for. */
    private static Bytes expected(MachineEvidence evidence, boolean keyAlone) {
        return keyAlone
                ? KeyBinding.legacyReportData(evidence.spki())
                : KeyBinding.reportData(evidence.spki(), evidence.challenge(), evidence.job(), evidence.gpuEvidence());
    }

    /** Said on its own, since {@code snp.report-data} cannot say which of its ingredients is another. */
    private static void key(MachineEvidence evidence, Bytes reportData, MachinePolicy policy, Appraisal appraisal) {
        Bytes vouchedFor = reportData.slice(0, FINGERPRINT_SIZE);
        Bytes fingerprint = KeyBinding.fingerprint(evidence.spki());
        if (!vouchedFor.equals(fingerprint)) {
            appraisal.fail(
                    MachineChecks.KEY,
                    "key must be the one with fingerprint " + vouchedFor + ", which the report vouches for, found "
                            + fingerprint);
            return;
        }
        if (!KeyBinding.isLegacy(reportData)) {
            appraisal.pass(MachineChecks.KEY, "the report vouches for the key " + fingerprint);
            return;
        }
        Optional<String> accepted = policy.legacyKeyBinding();
        appraisal.check(
                MachineChecks.KEY,
                accepted.isPresent(),
                () -> "the report vouches for the key " + fingerprint
                        + " alone, and for neither challenge nor job nor gpu evidence; accepted by policy: "
                        + accepted.orElseThrow(),
                () -> "report must bind challenge, job and gpu evidence, found the binding " + KeyBinding.LEGACY_PROFILE
                        + ": the second half of its report data is zero, and the policy does not accept that");
    }

    private static void challenge(MachineEvidence evidence, MachinePolicy policy, Appraisal appraisal) {
        Optional<Bytes> expected = policy.challenge();
        if (expected.isEmpty()) {
            appraisal.waive(MachineChecks.CHALLENGE, policy.freshnessWaiver().orElseThrow());
            return;
        }
        appraisal.check(
                MachineChecks.CHALLENGE,
                evidence.challenge().equals(expected.get()),
                () -> "the guest was given the challenge " + expected.get()
                        + policy.challengeName().map(name -> ", " + name).orElse(""),
                () -> "challenge must be " + expected.get() + ", found "
                        + (evidence.challenge().isEmpty() ? "none" : evidence.challenge()));
    }

    private Optional<GpuSystem> gpus(MachineEvidence evidence, MachinePolicy policy, Appraisal appraisal) {
        Optional<GpuPolicy> demands = policy.gpu();
        if (demands.isEmpty()) {
            String why = policy.gpuWaiver().orElseThrow();
            appraisal.waive(MachineChecks.GPU, why);
            appraisal.waive(MachineChecks.CC_MODE, why);
            return Optional.empty();
        }
        List<GpuEvidence> devices;
        List<Optional<CcMode>> modes;
        try {
            devices = devices(evidence.gpuEvidence());
            modes = CcStatement.read(evidence.gpuEvidence());
        } catch (MalformedEvidenceException e) {
            appraisal.fail(MachineChecks.GPU, e.getMessage());
            appraisal.block(MachineChecks.CC_MODE, MachineChecks.GPU);
            GpuChecks.ALL.forEach(check -> appraisal.block(check, MachineChecks.GPU));
            return Optional.empty();
        }
        appraisal.pass(MachineChecks.GPU, "evidence of " + devices.size() + " devices");
        ccMode(devices, modes, policy, appraisal);
        Bytes nonce = KeyBinding.gpuNonce(evidence.spki(), evidence.challenge());
        Verdict<GpuSystem> verdict = gpu.verify(
                        devices, evidence.collateral(), demands.get().withExpectedNonce(nonce))
                .verdict();
        appraisal.include(verdict);
        return verdict instanceof Verdict.Accepted<GpuSystem> accepted
                ? Optional.of(accepted.verified().value())
                : Optional.empty();
    }

    private static List<GpuEvidence> devices(Bytes json) throws MalformedEvidenceException {
        if (json.isEmpty()) {
            throw new MalformedEvidenceException(
                    "gpu evidence", MalformedEvidenceException.NO_OFFSET, "that of at least one GPU", "none");
        }
        return GpuEvidence.parseJson(json);
    }

    private static void ccMode(
            List<GpuEvidence> devices, List<Optional<CcMode>> modes, MachinePolicy policy, Appraisal appraisal) {
        List<String> defects = new ArrayList<>();
        boolean silent = false;
        for (int i = 0; i < modes.size(); i++) {
            Optional<CcMode> mode = modes.get(i);
            silent |= mode.isEmpty();
            if (mode.isPresent() && !mode.get().isConfidential()) {
                defects.add("device " + i + " must be in mode on or ppcie, found "
                        + mode.get().word());
            } else if (mode.isEmpty() && policy.ccStatementWaiver().isEmpty()) {
                defects.add("guest must state the mode of device " + i + ", found nothing");
            } else if (mode.isPresent()) {
                contradiction(i, mode.get(), devices.get(i)).ifPresent(defects::add);
            }
        }
        if (defects.isEmpty() && silent) {
            appraisal.waive(MachineChecks.CC_MODE, policy.ccStatementWaiver().orElseThrow());
            return;
        }
        appraisal.check(
                MachineChecks.CC_MODE,
                defects.isEmpty(),
                () -> "the guest says that every device is in mode on or ppcie",
                () -> String.join("; ", defects));
    }

    /** Reports of later firmware state whether their GPU is one of a protected PCIe system, and the device signs them. */
    private static Optional<String> contradiction(int number, CcMode said, GpuEvidence device) {
        try {
            return GpuReport.parse(device.report())
                    .opaqueData()
                    .mode()
                    .filter(stated -> (stated == FeatureFlag.PPCIE) != (said == CcMode.PPCIE))
                    .map(stated -> "device " + number + " must be in the mode that its report states, " + stated
                            + ", found that the guest says " + said.word());
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // as gpu.format says
        }
    }

    /** Collects the world of a {@link MachineVerifier}. Not thread-safe. */
    public static final class Builder {

        private SnpVerifier snp = SnpVerifier.builder().build();
        private GpuVerifier gpu = GpuVerifier.builder().build();

        private Builder() {}

        /** What appraises reports; one with AMD's authorities and the system's clock by default. */
        public Builder snp(SnpVerifier verifier) {
            snp = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /** What appraises GPUs; one with NVIDIA's authorities and the system's clock by default. */
        public Builder gpu(GpuVerifier verifier) {
            gpu = Objects.requireNonNull(verifier, "verifier");
            return this;
        }

        /** The verifier. */
        public MachineVerifier build() {
            return new MachineVerifier(this);
        }
    }
}
