package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.OpaqueField;

/** Each check has a system that meets its demand and one that differs in one thing, by which this check fails alone. */
class EachGpuCheckTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");
    private static final Instant LAST_YEAR = NOW.minus(Duration.ofDays(365));
    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    private static final Bytes OTHER_VALUE = Bytes.utf8("another build").sha384();

    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create(FROM, UNTIL);
    private static final SoftwareRimAuthority RIMS = SoftwareRimAuthority.create(FROM, UNTIL);
    private static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu TWIN = NVIDIA.device(GpuArchitecture.HOPPER);
    private static final SoftwareGpu SWITCH = NVIDIA.device(GpuArchitecture.LS10);
    private static final SoftwareGpuSystem SYSTEM = NVIDIA.protectedPcie(2, 2);

    private static final GpuVerifier VERIFIER = verifierAt(NOW);

    /** What is shown, and what NVIDIA says of it: everything in order. */
    private record Shown(List<GpuEvidence> evidence, List<Bytes> rims, List<Bytes> ocsp) {

        static Shown of(SoftwareGpu... devices) {
            List<GpuEvidence> evidence = new ArrayList<>();
            List<Bytes> ocsp = new ArrayList<>(RIMS.ocspAnswers(NOW));
            for (SoftwareGpu device : devices) {
                evidence.add(device.evidence(NONCE));
                ocsp.addAll(device.ocspAnswers(NOW));
            }
            return new Shown(evidence, rimsOf(GPU), ocsp);
        }

        Shown withEvidence(GpuEvidence... others) {
            return new Shown(List.of(others), rims, ocsp);
        }

        Shown withRims(Bytes... others) {
            return new Shown(evidence, List.of(others), ocsp);
        }

        Shown withOcsp(List<Bytes> others) {
            return new Shown(evidence, rims, others);
        }

        Verdict<GpuSystem> verdict(GpuVerifier verifier, UnaryOperator<GpuPolicy.Builder> demands) {
            return verifier.verify(
                            evidence,
                            new GpuCollateral(rims, ocsp),
                            demands.apply(GpuPolicy.builder().expectedNonce(NONCE))
                                    .build())
                    .verdict();
        }
    }

    private record Defect(CheckId id, Supplier<Verdict<GpuSystem>> good, Supplier<Verdict<GpuSystem>> bad) {}

    private static final Shown SOUND = Shown.of(GPU);
    private static final Bytes DRIVER = RIMS.driver(GPU).xml();
    private static final Bytes VBIOS = RIMS.vbios(GPU).xml();

    private static final List<Defect> DEFECTS = List.of(
            defect(GpuChecks.DEVICES, Shown.of(GPU, TWIN), Shown.of(GPU, GPU), p -> p),
            demand(GpuChecks.COUNT, SOUND, p -> p.gpus(1).switches(0), p -> p.gpus(2)),
            defect(
                    GpuChecks.FORMAT,
                    SOUND,
                    SOUND.withEvidence(new GpuEvidence(Bytes.zeros(100), GPU.certificates())),
                    p -> p),
            defect(
                    GpuChecks.CHAIN,
                    SOUND,
                    SOUND.withEvidence(SoftwareNvidia.create(FROM, UNTIL)
                            .device(GpuArchitecture.HOPPER)
                            .evidence(NONCE)),
                    p -> p.withoutRevocation("nobody answers for a stranger")),
            new Defect(GpuChecks.VALIDITY, () -> SOUND.verdict(VERIFIER, p -> p), EachGpuCheckTest::withExpiredDevice),
            defect(GpuChecks.REVOCATION, SOUND, SOUND.withOcsp(withRevokedDevice()), p -> p),
            demand(
                    GpuChecks.ARCHITECTURE,
                    SOUND,
                    p -> p.architectures(GpuArchitecture.HOPPER),
                    p -> p.architectures(GpuArchitecture.BLACKWELL)),
            defect(GpuChecks.SIGNATURE, SOUND, SOUND.withEvidence(withSignatureOfAnother()), p -> p),
            defect(
                    GpuChecks.FWID,
                    SOUND,
                    SOUND.withEvidence(
                            GPU.withOpaque(OpaqueField.FWID, OTHER_VALUE).evidence(NONCE)),
                    p -> p),
            defect(GpuChecks.NONCE, SOUND, SOUND.withEvidence(GPU.evidence(NONCE.sha256())), p -> p),
            demand(GpuChecks.UEID_ALLOWED, SOUND, p -> p.allowedUeid(ueid()), p -> p.allowedUeid("1")),
            demand(
                    GpuChecks.DRIVER_MINIMUM,
                    SOUND,
                    p -> p.minimumDriver("580.95.05"),
                    p -> p.minimumDriver("580.95.06")),
            demand(
                    GpuChecks.VBIOS_ALLOWED,
                    SOUND,
                    p -> p.allowedVbios("96.00.9F.00.01"),
                    p -> p.allowedVbios("96.00.9F.00.02")),
            defect(GpuChecks.RIM_DRIVER_PRESENT, SOUND, SOUND.withRims(VBIOS), p -> p),
            defect(GpuChecks.RIM_DRIVER_SIGNATURE, SOUND, SOUND.withRims(broken(RIMS.driver(GPU)), VBIOS), p -> p),
            defect(
                    GpuChecks.RIM_DRIVER_CHAIN,
                    SOUND,
                    SOUND.withRims(ofStranger().driver(GPU).xml(), VBIOS),
                    p -> p),
            defect(
                    GpuChecks.RIM_DRIVER_VALIDITY,
                    SOUND,
                    SOUND.withRims(expired().driver(GPU).xml(), VBIOS).withOcsp(withExpiredSigner()),
                    p -> p),
            defect(
                    GpuChecks.RIM_DRIVER_REVOCATION,
                    SOUND,
                    SOUND.withRims(resigned().driver(GPU).xml(), VBIOS).withOcsp(withRevokedSigner()),
                    p -> p),
            defect(GpuChecks.RIM_VBIOS_PRESENT, SOUND, SOUND.withRims(DRIVER), p -> p),
            defect(GpuChecks.RIM_VBIOS_SIGNATURE, SOUND, SOUND.withRims(DRIVER, broken(RIMS.vbios(GPU))), p -> p),
            defect(
                    GpuChecks.RIM_VBIOS_CHAIN,
                    SOUND,
                    SOUND.withRims(DRIVER, ofStranger().vbios(GPU).xml()),
                    p -> p),
            defect(
                    GpuChecks.RIM_VBIOS_VALIDITY,
                    SOUND,
                    SOUND.withRims(DRIVER, expired().vbios(GPU).xml()).withOcsp(withExpiredSigner()),
                    p -> p),
            defect(
                    GpuChecks.RIM_VBIOS_REVOCATION,
                    SOUND,
                    SOUND.withRims(DRIVER, resigned().vbios(GPU).xml()).withOcsp(withRevokedSigner()),
                    p -> p),
            defect(
                    GpuChecks.MEASUREMENTS,
                    SOUND,
                    SOUND.withEvidence(GPU.withMeasurement(1, OTHER_VALUE).evidence(NONCE)),
                    p -> p),
            demand(GpuChecks.MODE, SOUND, p -> p.modes(FeatureFlag.SPT), p -> p.modes(FeatureFlag.PPCIE)),
            new Defect(
                    GpuChecks.TOPOLOGY,
                    () -> verdict(SYSTEM),
                    () -> verdict(SYSTEM.withSwitch(1, device -> device.withPdi(Bytes.fromHex("0102030405060708"))))));

    @TestFactory
    Stream<DynamicTest> eachCheckFailsAlone() {
        return DEFECTS.stream()
                .map(defect -> dynamicTest(defect.id().name(), () -> {
                    Verdict<GpuSystem> good = defect.good().get();
                    assertThat(good.failures()).isEmpty();
                    assertThat(good.accepted()).isTrue();
                    assertThat(outcome(good, defect.id())).isEqualTo(Outcome.PASSED);

                    Verdict<GpuSystem> bad = defect.bad().get();
                    assertThat(bad.failures()).extracting(CheckResult::id).containsExactly(defect.id());
                    assertThat(bad.accepted()).isFalse();
                    assertThat(bad.checks()).extracting(CheckResult::id).containsExactlyElementsOf(GpuChecks.ALL);
                }));
    }

    @Test
    void noCheckIsLeftOut() {
        assertThat(DEFECTS.stream().map(Defect::id)).containsExactlyElementsOf(GpuChecks.ALL);
    }

    private static Defect defect(CheckId id, Shown good, Shown bad, UnaryOperator<GpuPolicy.Builder> demands) {
        return new Defect(
                id,
                () -> good.verdict(VERIFIER, id.equals(GpuChecks.CHAIN) ? p -> p : demands),
                () -> bad.verdict(VERIFIER, demands));
    }

    private static Defect demand(
            CheckId id, Shown shown, UnaryOperator<GpuPolicy.Builder> met, UnaryOperator<GpuPolicy.Builder> missed) {
        return new Defect(id, () -> shown.verdict(VERIFIER, met), () -> shown.verdict(VERIFIER, missed));
    }

    private static GpuVerifier verifierAt(Instant instant) {
        return verifier(NVIDIA, instant);
    }

    private static GpuVerifier verifier(SoftwareNvidia nvidia, Instant instant) {
        return GpuVerifier.builder()
                .trustAnchors(nvidia.trustAnchors())
                .rimTrustAnchors(RIMS.trustAnchors())
                .clock(Clock.fixed(instant, ZoneOffset.UTC))
                .build();
    }

    private static Verdict<GpuSystem> withExpiredDevice() {
        SoftwareNvidia brief = SoftwareNvidia.create(FROM, NOW.minusSeconds(1));
        SoftwareGpu device = brief.device(GpuArchitecture.HOPPER);
        return Shown.of(device).verdict(verifier(brief, NOW), p -> p);
    }

    private static Verdict<GpuSystem> verdict(SoftwareGpuSystem system) {
        List<Bytes> rims = new ArrayList<>(rimsOf(system.gpus().get(0)));
        rims.add(RIMS.vbios(SWITCH).xml());
        List<Bytes> ocsp = new ArrayList<>(RIMS.ocspAnswers(NOW));
        ocsp.addAll(system.ocspAnswers(NOW));
        return new Shown(system.evidence(NONCE), rims, ocsp)
                .verdict(VERIFIER, p -> p.switches(2).requireTopology());
    }

    private static List<Bytes> rimsOf(SoftwareGpu gpu) {
        return List.of(RIMS.driver(gpu).xml(), RIMS.vbios(gpu).xml());
    }

    private static List<Bytes> withRevokedDevice() {
        List<Bytes> answers = new ArrayList<>(RIMS.ocspAnswers(NOW));
        answers.addAll(GPU.ocspAnswers(NOW));
        int identity = RIMS.ocspAnswers(NOW).size();
        answers.set(
                identity,
                GPU.ocsp(1).revoking(LAST_YEAR).answer(GPU.certificates().get(1), NOW));
        return answers;
    }

    private static GpuEvidence withSignatureOfAnother() {
        Bytes report = GPU.report(NONCE);
        Bytes signed = report.slice(0, report.size() - 96);
        return new GpuEvidence(signed.concat(TWIN.sign(signed)), GPU.certificates());
    }

    private static Bytes broken(SoftwareRim rim) {
        return rim.withSignatureValue(Bytes::reversed).xml();
    }

    private static SoftwareRimAuthority ofStranger() {
        return Strangers.RIMS;
    }

    private static SoftwareRimAuthority expired() {
        return Strangers.EXPIRED;
    }

    private static SoftwareRimAuthority resigned() {
        return Strangers.RESIGNED;
    }

    private static List<Bytes> withExpiredSigner() {
        List<Bytes> answers = new ArrayList<>(SOUND.ocsp());
        answers.addAll(Strangers.EXPIRED.ocspAnswers(NOW));
        return answers;
    }

    private static List<Bytes> withRevokedSigner() {
        List<Bytes> answers = new ArrayList<>(SOUND.ocsp());
        Bytes signer = Strangers.RESIGNED.certificates().get(0);
        answers.add(Strangers.RESIGNED.ocsp(0).revoking(LAST_YEAR).answer(signer, NOW));
        return answers;
    }

    private static String ueid() {
        return VERIFIER.verify(
                        List.of(GPU.evidence(NONCE)),
                        GpuCollateral.NONE,
                        GpuPolicy.builder().expectedNonce(NONCE).build())
                .devices()
                .get(0)
                .ueid()
                .orElseThrow();
    }

    private static Outcome outcome(Verdict<GpuSystem> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    /** Other authorities for manifests, made once. */
    private static final class Strangers {
        static final SoftwareRimAuthority RIMS = SoftwareRimAuthority.create(FROM, UNTIL);
        static final SoftwareRimAuthority EXPIRED = EachGpuCheckTest.RIMS.withSigner(FROM, NOW.minusSeconds(1));
        static final SoftwareRimAuthority RESIGNED = EachGpuCheckTest.RIMS.withSigner(FROM, UNTIL);
    }
}
