package org.verifiableai.attestation.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.GpuVerifier;

/** Authorities, devices and what goes with them, made once for all tests of how devices are judged. */
final class GpuLab {

    static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");
    static final Instant LAST_YEAR = NOW.minus(Duration.ofDays(365));
    static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    static final Bytes OTHER_VALUE = Bytes.utf8("another build").sha384();

    static final SoftwareNvidia NVIDIA = SoftwareNvidia.create(FROM, UNTIL);
    static final SoftwareRimAuthority RIMS = SoftwareRimAuthority.create(FROM, UNTIL);
    static final SoftwareRimAuthority STRANGER = SoftwareRimAuthority.create(FROM, UNTIL);
    static final SoftwareRimAuthority EXPIRED = RIMS.withSigner(FROM, NOW.minusSeconds(1));
    static final SoftwareRimAuthority RESIGNED = RIMS.withSigner(FROM, UNTIL);

    static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);
    static final SoftwareGpu TWIN = NVIDIA.device(GpuArchitecture.HOPPER);
    static final SoftwareGpu SWITCH = NVIDIA.device(GpuArchitecture.LS10);

    static final Bytes DRIVER = RIMS.driver(GPU).xml();
    static final Bytes VBIOS = RIMS.vbios(GPU).xml();

    /** Good answers about the certificates of {@link #RIMS}, and of what it signed again. */
    static final List<Bytes> RIM_ANSWERS = concat(
            RIMS.ocspAnswers(NOW),
            RESIGNED.ocspAnswers(NOW).subList(0, 1),
            EXPIRED.ocspAnswers(NOW).subList(0, 1));

    private GpuLab() {}

    /** Devices as they stand, with manifests and answers that are in order. */
    static Shown shown(SoftwareGpu... devices) {
        List<Bytes> answers = new ArrayList<>(RIM_ANSWERS);
        Arrays.stream(devices).forEach(device -> answers.addAll(device.ocspAnswers(NOW)));
        return new Shown(
                Arrays.stream(devices).map(device -> device.evidence(NONCE)).toList(), List.of(DRIVER, VBIOS), answers);
    }

    static GpuVerifier.Builder builder(Clock clock) {
        return GpuVerifier.builder()
                .trustAnchors(NVIDIA.trustAnchors())
                .rimTrustAnchors(RIMS.trustAnchors())
                .clock(clock);
    }

    static GpuVerifier verifierAt(Instant instant) {
        return builder(Clock.fixed(instant, ZoneOffset.UTC)).build();
    }

    static CheckResult check(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @SafeVarargs
    static List<Bytes> concat(List<Bytes>... lists) {
        List<Bytes> all = new ArrayList<>();
        for (List<Bytes> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    /** What a verifier is shown. */
    record Shown(List<GpuEvidence> evidence, List<Bytes> rims, List<Bytes> answers) {

        Shown withRims(Bytes... others) {
            return new Shown(evidence, List.of(others), answers);
        }

        Shown withAnswers(List<Bytes> others) {
            return new Shown(evidence, rims, others);
        }

        GpuResult result(GpuVerifier verifier, UnaryOperator<GpuPolicy.Builder> demands) {
            return verifier.verify(
                    evidence,
                    new GpuCollateral(rims, answers),
                    demands.apply(GpuPolicy.builder().expectedNonce(NONCE)).build());
        }

        GpuResult result(UnaryOperator<GpuPolicy.Builder> demands) {
            return result(verifierAt(NOW), demands);
        }

        GpuResult result() {
            return result(policy -> policy);
        }
    }
}
