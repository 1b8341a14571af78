package org.verifiableai.examples.vai.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
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

    private final SoftwareAmd amd;
    private final SoftwareNvidia nvidia;
    private final SoftwareSnpPlatform processor;
    private final SoftwareGpu gpu;
    private final Clock clock;

    private SimulatedMachine(SoftwareAmd amd, SoftwareNvidia nvidia, SoftwareSnpPlatform processor, Clock clock) {
        this.clock = clock;
        this.amd = amd;
        this.nvidia = nvidia;
        this.processor = processor;
        this.gpu = nvidia.device(GpuArchitecture.HOPPER);
    }

    /** A machine whose makers' certificates are a year old by {@code clock}. */
    static SimulatedMachine boot(Clock clock) {
        Instant from = clock.instant().minus(AGE);
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA, from, from.plus(LIFETIME));
        return new SimulatedMachine(amd, SoftwareNvidia.create(), amd.platform(DEMANDED), clock);
    }

    /** A machine of the same makers whose firmware was not updated. */
    SimulatedMachine withOutdatedFirmware() {
        return new SimulatedMachine(amd, nvidia, amd.platform(OUTDATED), clock);
    }

    SoftwareSnpPlatform processor() {
        return processor;
    }

    SoftwareGpu gpu() {
        return gpu;
    }

    Bytes amdRoot() {
        return amd.ark();
    }

    Bytes nvidiaRoot() {
        return nvidia.rootCertificate();
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
                        .clock(clock)
                        .build())
                .build();
    }

    /** What the relying party of the demonstration demands. */
    ProvenancePolicy policy(Bytes challenge, Bytes baseModel) {
        return ProvenancePolicy.builder()
                .snp(SnpPolicy.builder()
                        .measurement(processor.measurement())
                        .productLine(ProductLine.GENOA)
                        .minimumTcb(DEMANDED)
                        .minimumCommittedTcb(DEMANDED)
                        .minimumLaunchTcb(DEMANDED))
                .gpu(GpuPolicy.builder()
                        .withoutReferenceValues("a GPU made of software has no published firmware")
                        .withoutRevocation("a GPU made of software has no revocation service"))
                .nonce(challenge)
                .baseModel(baseModel)
                .build();
    }
}
