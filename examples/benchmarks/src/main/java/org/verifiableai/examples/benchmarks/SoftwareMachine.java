package org.verifiableai.examples.benchmarks;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

/**
 * A machine of software GPUs with everything that a policy can demand: reports, chains, both manifests, and an OCSP answer
 * about every certificate that has one. Of each it has what a real machine has, of the same size and with as many signatures.
 */
final class SoftwareMachine {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));

    private final SoftwareNvidia nvidia = SoftwareNvidia.create();
    private final SoftwareRimAuthority authority = SoftwareRimAuthority.create();
    private final List<GpuEvidence> evidence = new ArrayList<>();
    private final GpuCollateral collateral;

    SoftwareMachine(int gpus) {
        List<Bytes> answers = new ArrayList<>(authority.ocspAnswers(NOW));
        List<Bytes> manifests = List.of();
        for (int i = 0; i < gpus; i++) {
            SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);
            evidence.add(gpu.evidence(NONCE));
            answers.addAll(gpu.ocspAnswers(NOW));
            manifests =
                    List.of(authority.driver(gpu).xml(), authority.vbios(gpu).xml());
        }
        this.collateral = new GpuCollateral(manifests, answers);
    }

    GpuPolicy policy() {
        return GpuPolicy.builder()
                .expectedNonce(NONCE)
                .requireReferenceValues()
                .requireRevocation()
                .gpus(evidence.size())
                .build();
    }

    GpuVerifier.Builder verifier(SignatureEngine engine) {
        return GpuVerifier.builder()
                .signatureEngine(engine)
                .trustAnchors(nvidia.trustAnchors())
                .rimTrustAnchors(authority.trustAnchors())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** A verifier with devices side by side on the calling thread and those of {@code threads}. */
    GpuVerifier parallel(SignatureEngine engine, Executor threads) {
        return verifier(engine).executor(threads).build();
    }

    GpuEvidence first() {
        return evidence.get(0);
    }

    GpuResult verify(GpuVerifier verifier, GpuPolicy policy) {
        List<GpuEvidence> fresh = evidence.stream()
                .map(device -> new GpuEvidence(copy(device.report()), copies(device.certificates())))
                .toList();
        return verifier.verify(
                fresh, new GpuCollateral(copies(collateral.rims()), copies(collateral.ocspResponses())), policy);
    }

    private static List<Bytes> copies(List<Bytes> all) {
        return all.stream().map(SoftwareMachine::copy).toList();
    }

    private static Bytes copy(Bytes bytes) {
        return Bytes.of(bytes.toByteArray());
    }
}
