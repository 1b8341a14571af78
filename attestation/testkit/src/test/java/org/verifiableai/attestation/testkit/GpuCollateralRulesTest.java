package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.OcspResponse;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuResult;
import org.verifiableai.attestation.nvidia.GpuSystem;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.collateral.GpuCollateralCompletion;
import org.verifiableai.attestation.nvidia.collateral.OcspSource;
import org.verifiableai.attestation.nvidia.collateral.RimSource;

/** What is made of NVIDIA's word where only a part of it is there, or all of it many times over. */
class GpuCollateralRulesTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");
    private static final Bytes NONCE = Bytes.fromHex("a1".repeat(32));
    private static final int DRIVER_INDEX = 21;

    private final SoftwareNvidia nvidia = SoftwareNvidia.create(FROM, UNTIL);
    private final SoftwareRimAuthority rims = SoftwareRimAuthority.create(FROM, UNTIL);
    private final SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);

    @Test
    void theDriversValuesCountAlsoWhereTheFirmwareImagesAreMissing() {
        Bytes driver = rims.driver(gpu).xml();

        Verdict<GpuSystem> bad = verify(gpu.withMeasurement(DRIVER_INDEX + 1, Bytes.zeros(48)), driver);

        assertThat(bad.failures()).extracting(CheckResult::id).containsExactly(GpuChecks.MEASUREMENTS);
        assertThat(measurements(bad).detail()).endsWith("NV_GPU_DRIVER_GH100_580.95.05: index " + DRIVER_INDEX);
        assertThat(verify(gpu, driver).accepted()).isTrue();
        assertThat(measurements(verify(gpu, driver)).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(measurements(verify(gpu, driver)).detail())
                .contains("there is no manifest of the firmware image to compare with")
                .doesNotContain("none to compare with");
    }

    @Test
    void withoutAnyManifestNothingIsCompared() {
        assertThat(measurements(verify(gpu)).detail()).endsWith("there is no manifest to compare with");
    }

    @Test
    void anAnswerIsVerifiedOnceHoweverManyDevicesItIsAbout() throws Exception {
        List<GpuEvidence> evidence = new ArrayList<>();
        List<Bytes> answers = new ArrayList<>(rims.ocspAnswers(NOW));
        for (int i = 0; i < 4; i++) {
            SoftwareGpu device = nvidia.device(GpuArchitecture.HOPPER);
            evidence.add(device.evidence(NONCE));
            answers.addAll(device.ocspAnswers(NOW));
        }
        Set<Bytes> signed = answers.stream().map(GpuCollateralRulesTest::signed).collect(Collectors.toSet());
        List<Bytes> verified = new ArrayList<>();
        GpuVerifier verifier = verifier()
                .signatureEngine(new Listening(SignatureEngine.standard(), verified))
                .cacheSize(0)
                .build();

        Verdict<GpuSystem> verdict = verifier.verify(
                        evidence,
                        new GpuCollateral(
                                List.of(rims.driver(gpu).xml(), rims.vbios(gpu).xml()), answers),
                        GpuPolicy.builder().expectedNonce(NONCE).build())
                .verdict();

        assertThat(verdict.failures()).isEmpty();
        verified.retainAll(signed);
        assertThat(verified).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void aCertificatesNameCannotBreakTheLineOfAMessage() {
        SoftwareKey key = SoftwareKey.generate();
        String evil = "CN=device\\0A2026 all is well\\1B[2J";
        Bytes leaf =
                DeviceCertificate.authority(evil, "CN=leaf", key, FROM, UNTIL).signedBy(key);
        Bytes device = DeviceCertificate.authority("CN=authority", evil, key, FROM, UNTIL)
                .signedBy(key);
        Bytes issuer = DeviceCertificate.authority("CN=root", "CN=authority", key, FROM, UNTIL)
                .signedBy(key);
        GpuCollateralCompletion completion = GpuCollateralCompletion.from(RimSource.none(), OcspSource.none())
                .revocation(Revocation.REQUIRE)
                .build();
        GpuEvidence evidence = new GpuEvidence(gpu.report(NONCE), List.of(leaf, device, issuer));

        EvidenceUnavailableException failure = Objects.requireNonNull(
                catchThrowableOfType(EvidenceUnavailableException.class, () -> completion.complete(List.of(evidence))));

        assertThat(failure.getMessage()).contains("all is well").matches("\\P{Cntrl}+");
    }

    @Test
    void aCertificatesNameCannotCommandATerminal() {
        SoftwareKey key = SoftwareKey.generate();
        String evil = "CN=\u009B2J\u202Edevice";
        Bytes leaf = DeviceCertificate.leaf(evil, "CN=leaf", key, FROM, UNTIL)
                .withCompositeDeviceId(key, Bytes.zeros(48))
                .signedBy(key);
        Bytes device =
                DeviceCertificate.authority("CN=root", evil, key, FROM, UNTIL).signedBy(key);

        GpuResult result = verifier()
                .build()
                .verify(
                        List.of(new GpuEvidence(gpu.report(NONCE), List.of(leaf, device))),
                        GpuCollateral.NONE,
                        GpuPolicy.builder().expectedNonce(NONCE).build());

        assertThat(result.toJson()).contains("\\u009B2J\\u202Edevice").matches("\\p{Print}+");
    }

    private Verdict<GpuSystem> verify(SoftwareGpu device, Bytes... manifests) {
        List<Bytes> answers = Stream.concat(device.ocspAnswers(NOW).stream(), rims.ocspAnswers(NOW).stream())
                .toList();
        return verifier()
                .build()
                .verify(
                        List.of(device.evidence(NONCE)),
                        new GpuCollateral(List.of(manifests), answers),
                        GpuPolicy.builder()
                                .expectedNonce(NONCE)
                                .useReferenceValuesIfAvailable("some are not published")
                                .build())
                .verdict();
    }

    private GpuVerifier.Builder verifier() {
        return GpuVerifier.builder()
                .trustAnchors(nvidia.trustAnchors())
                .rimTrustAnchors(rims.trustAnchors())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static CheckResult measurements(Verdict<?> verdict) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(GpuChecks.MEASUREMENTS))
                .findFirst()
                .orElseThrow();
    }

    private static Bytes signed(Bytes answer) {
        try {
            return Objects.requireNonNull(OcspResponse.parse(answer).basic()).tbs();
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes down each message whose signature is verified. */
    private record Listening(SignatureEngine engine, List<Bytes> verified) implements SignatureEngine {

        @Override
        public String name() {
            return engine.name();
        }

        @Override
        public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
            return new ListeningKey(engine.key(spki), verified);
        }
    }

    private record ListeningKey(VerificationKey key, List<Bytes> verified) implements VerificationKey {

        @Override
        public SignatureAlgorithm algorithm() {
            return key.algorithm();
        }

        @Override
        public Bytes spki() {
            return key.spki();
        }

        @Override
        public boolean verify(Bytes message, Bytes signature) {
            verified.add(message);
            return key.verify(message, signature);
        }
    }
}
