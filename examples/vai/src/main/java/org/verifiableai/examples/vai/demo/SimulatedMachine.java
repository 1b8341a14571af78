package org.verifiableai.examples.vai.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareFirmware;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;

/**
 * A confidential machine made of software: a Genoa processor and an H100 whose makers are the testkit's authorities. The
 * verifier of the demonstration trusts these and not AMD and NVIDIA; everything else is as on a real machine.
 */
final class SimulatedMachine {

    /** The firmware that the policy of the demonstration demands. */
    static final TcbVersion DEMANDED = TcbVersion.of(10, 0, 23, 84);

    private static final Duration AGE = Duration.ofDays(365);
    private static final Duration LIFETIME = Duration.ofDays(25 * 365);
    private static final TcbVersion OUTDATED = TcbVersion.of(10, 0, 22, 84);
    private static final int PROCESSORS = 2;

    private final SoftwareAmd amd;
    private final SoftwareNvidia nvidia;
    private final SoftwareRimAuthority rims;
    private final SoftwareSnpPlatform processor;
    private final SoftwareGpu gpu;
    private final GpuCollateral collateral;
    private final LaunchConfiguration launch;
    private final Clock clock;

    private SimulatedMachine(
            SoftwareAmd amd,
            SoftwareNvidia nvidia,
            SoftwareRimAuthority rims,
            SoftwareSnpPlatform processor,
            SoftwareGpu gpu,
            GpuCollateral collateral,
            LaunchConfiguration launch,
            Clock clock) {
        this.amd = amd;
        this.nvidia = nvidia;
        this.rims = rims;
        this.processor = processor;
        this.gpu = gpu;
        this.collateral = collateral;
        this.launch = launch;
        this.clock = clock;
    }

    /** A machine whose makers' certificates are a year old by {@code clock}. */
    static SimulatedMachine boot(Clock clock) {
        Instant from = clock.instant().minus(AGE);
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA, from, from.plus(LIFETIME));
        SoftwareNvidia nvidia = SoftwareNvidia.create();
        SoftwareRimAuthority rims = SoftwareRimAuthority.create(from, from.plus(LIFETIME));
        SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);
        LaunchConfiguration launch = launchConfiguration();
        return new SimulatedMachine(
                amd,
                nvidia,
                rims,
                amd.platform(DEMANDED).withMeasurement(launch.measurement()),
                gpu,
                collateral(gpu, rims, clock.instant()),
                launch,
                clock);
    }

    /** How the guest is launched: its measurement follows from this, as that of a real guest would. */
    private static LaunchConfiguration launchConfiguration() {
        try {
            return LaunchConfiguration.builder("guest of the demonstration")
                    .vmm(Vmm.QEMU)
                    .firmware(MeasuredFirmware.of(
                            FirmwareImage.parse(SoftwareFirmware.ovmf().image())))
                    .kernel(Bytes.utf8("a kernel made of software"))
                    .initrd(Bytes.utf8("an initial RAM disk made of software"))
                    .commandLine(
                            CommandLineTemplate.parse("root=/dev/sda1 ro sda1_shasum={sda1}"),
                            Map.of("sda1", Bytes.utf8("a disk made of software").sha256()))
                    .vcpus(PROCESSORS)
                    .vcpu(VcpuSignature.ofType("EPYC-Genoa"))
                    .build();
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("the testkit's firmware is not one", e);
        }
    }

    /** The same machine before its processor's firmware was updated. */
    SimulatedMachine withOutdatedFirmware() {
        SoftwareSnpPlatform outdated = amd.platform(OUTDATED).withMeasurement(launch.measurement());
        return new SimulatedMachine(amd, nvidia, rims, outdated, gpu, collateral, launch, clock);
    }

    /** The same machine with something else as the firmware of its GPU, for which its maker has no reference values. */
    SimulatedMachine withOtherGpuFirmware() {
        SoftwareGpu other =
                gpu.withMeasurement(2, Bytes.utf8("somebody's own build").sha384());
        return new SimulatedMachine(amd, nvidia, rims, processor, other, collateral, launch, clock);
    }

    /** What the GPU's maker says of its firmware and its certificates; good for as long as these are. */
    private static GpuCollateral collateral(SoftwareGpu gpu, SoftwareRimAuthority rims, Instant now) {
        List<Bytes> answers = new ArrayList<>();
        for (int i = 1; i < gpu.certificates().size() - 1; i++) {
            answers.add(gpu.ocsp(i).validFor(LIFETIME).answer(gpu.certificates().get(i), now));
        }
        for (int i = 0; i < rims.certificates().size() - 1; i++) {
            answers.add(
                    rims.ocsp(i).validFor(LIFETIME).answer(rims.certificates().get(i), now));
        }
        return new GpuCollateral(List.of(rims.driver(gpu).xml(), rims.vbios(gpu).xml()), answers);
    }

    SoftwareSnpPlatform processor() {
        return processor;
    }

    SoftwareGpu gpu() {
        return gpu;
    }

    GpuCollateral collateral() {
        return collateral;
    }

    LaunchConfiguration launch() {
        return launch;
    }

    Bytes amdRoot() {
        return amd.ark();
    }

    Bytes nvidiaRoot() {
        return nvidia.rootCertificate();
    }

    Bytes rimRoot() {
        return rims.rootCertificate();
    }

    /** A verifier that trusts this machine's makers. */
    ProvenanceVerifier verifier() {
        return ProvenanceVerifier.builder()
                .snp(SnpVerifier.builder()
                        .trustAnchors(amd.trustAnchors())
                        .clock(clock)
                        .build())
                .gpu(GpuVerifier.builder()
                        .trustAnchors(nvidia.trustAnchors())
                        .rimTrustAnchors(rims.trustAnchors())
                        .clock(clock)
                        .build())
                .build();
    }

    /** What the relying party of the demonstration demands. */
    ProvenancePolicy policy(Job job) {
        ProvenancePolicy.Builder policy = ProvenancePolicy.builder()
                .snp(SnpPolicy.builder()
                        .launch(launch)
                        .productLine(ProductLine.GENOA)
                        .minimumTcb(DEMANDED)
                        .minimumCommittedTcb(DEMANDED)
                        .minimumLaunchTcb(DEMANDED))
                .gpu(GpuPolicy.builder().gpus(1))
                .nonce(job.challenge())
                .baseModel(job.baseModel().digest())
                .requireLaunch();
        job.dataSets().forEach(data -> policy.dataSet(data.sha256()));
        job.tokenizer().ifPresent(tokenizer -> policy.tokenizer(tokenizer.sha256()));
        job.archive().ifPresent(archive -> policy.jobArchive(archive.sha256()));
        return policy.build();
    }
}
