package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.nvidia.collateral.Samples.AUTHORITY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NOW;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NVIDIA;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.ReferenceValues;
import org.verifiableai.attestation.nvidia.RimId;
import org.verifiableai.attestation.testkit.SoftwareGpu;

class GpuCollateralCompletionTest {

    private static final Bytes NONCE = Bytes.utf8("0123456789abcdefghijklmnopqrstuv");
    private static final Bytes DRIVER = AUTHORITY.driver(GPU).xml();
    private static final Bytes VBIOS = AUTHORITY.vbios(GPU).xml();

    private final Map<RimId, Bytes> known = new HashMap<>();
    private final List<RimId> rimsAsked = new ArrayList<>();
    private final List<Bytes> certificatesAsked = new ArrayList<>();
    private final RimSource rims = id -> {
        rimsAsked.add(id);
        return Optional.ofNullable(known.get(id));
    };
    /** An answer that is as many bytes as tell which certificate it was asked about. */
    private final OcspSource ocsp = (certificate, issuer) -> {
        certificatesAsked.add(certificate);
        return Optional.of(certificate.sha256());
    };

    @Test
    void manifestsAndAnswersAreFoundForWhatTheEvidenceNames() throws Exception {
        serve(GPU);

        GpuCollateral found = completion().build().complete(List.of(GPU.evidence(NONCE)));
        assertThat(found.rims()).containsExactly(DRIVER, VBIOS);
        assertThat(rimsAsked).containsExactly(driver(GPU), vbios(GPU));
        List<Bytes> expected = new ArrayList<>(GPU.certificates().subList(1, 4));
        expected.addAll(AUTHORITY.certificates().subList(0, 3));
        assertThat(certificatesAsked).isEqualTo(expected);
        assertThat(found.ocspResponses())
                .isEqualTo(expected.stream().map(Bytes::sha256).toList());
    }

    @Test
    void whatDevicesShareIsAskedForOnce() throws Exception {
        serve(GPU);

        completion().build().complete(List.of(GPU.evidence(NONCE), GPU.evidence(NONCE)));
        assertThat(rimsAsked).hasSize(2);
        assertThat(certificatesAsked).hasSize(6);
    }

    @Test
    void aSwitchHasNoDriver() throws Exception {
        SoftwareGpu device = NVIDIA.device(GpuArchitecture.LS10);
        known.put(vbios(device), AUTHORITY.vbios(device).xml());

        GpuCollateral found = completion().build().complete(List.of(device.evidence(NONCE)));
        assertThat(found.rims()).hasSize(1);
        assertThat(rimsAsked).containsExactly(vbios(device));
    }

    @Test
    void aMissingManifestIsLeftToTheVerifierUnlessItIsRequired() throws Exception {
        known.put(driver(GPU), DRIVER);
        List<GpuEvidence> evidence = List.of(GPU.evidence(NONCE));

        assertThat(completion().build().complete(evidence).rims()).containsExactly(DRIVER);
        GpuCollateralCompletion strict =
                completion().referenceValues(ReferenceValues.REQUIRE).build();
        EvidenceUnavailableException failure = failure(() -> strict.complete(evidence));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessage("rim " + vbios(GPU) + ": no source has it, and policy requires it");
        assertThat(strict.complete(evidence, new GpuCollateral(List.of(VBIOS), List.of()))
                        .rims())
                .containsExactly(VBIOS, DRIVER);
    }

    @Test
    void aSourceThatIsDownFailsOnlyWhatIsRequired() throws Exception {
        RimSource down = id -> {
            throw new EvidenceUnavailableException("down", true);
        };
        List<GpuEvidence> evidence = List.of(GPU.evidence(NONCE));
        GpuCollateralCompletion.Builder completion =
                GpuCollateralCompletion.from(down, ocsp).revocation(Revocation.OFF);

        assertThat(completion.build().complete(evidence)).isEqualTo(GpuCollateral.NONE);
        GpuCollateralCompletion strict =
                completion.referenceValues(ReferenceValues.REQUIRE).build();
        assertThat(failure(() -> strict.complete(evidence))).hasMessage("down");
        assertThat(strict.complete(evidence, new GpuCollateral(List.of(DRIVER, VBIOS), List.of()))
                        .rims())
                .containsExactly(DRIVER, VBIOS);
    }

    @Test
    void aSourceThatIsDownIsAskedOnceAndOneThatHasNothingEachTime() throws Exception {
        for (boolean retryable : List.of(true, false)) {
            List<Bytes> asked = new ArrayList<>();
            OcspSource failing = (certificate, issuer) -> {
                asked.add(certificate);
                throw new EvidenceUnavailableException("no", retryable);
            };

            answers(failing, Revocation.USE_IF_AVAILABLE).complete(List.of(GPU.evidence(NONCE)));
            assertThat(asked).hasSize(retryable ? 1 : 3);
        }
    }

    @Test
    void whatIsSwitchedOffIsNotAskedFor() throws Exception {
        GpuCollateral found = completion()
                .referenceValues(ReferenceValues.OFF)
                .revocation(Revocation.OFF)
                .build()
                .complete(List.of(GPU.evidence(NONCE)));

        assertThat(found).isEqualTo(GpuCollateral.NONE);
        assertThat(rimsAsked).isEmpty();
        assertThat(certificatesAsked).isEmpty();
    }

    @Test
    void whatCameAlongStaysAndComesFirst() throws Exception {
        serve(GPU);
        Bytes other = Bytes.utf8("whatever");
        GpuCollateral present = new GpuCollateral(List.of(HTML, VBIOS), List.of(other));

        GpuCollateral found = completion().build().complete(List.of(GPU.evidence(NONCE)), present);
        assertThat(found.rims()).containsExactly(HTML, VBIOS, DRIVER);
        assertThat(found.ocspResponses()).hasSize(7).startsWith(other);
    }

    @Test
    void answersHaveToBeHadWhereRevocationIsRequired() throws Exception {
        OcspSource down = (certificate, issuer) -> {
            throw new EvidenceUnavailableException("down", true);
        };
        List<GpuEvidence> evidence = List.of(GPU.evidence(NONCE));

        assertThat(failure(() -> answers(down, Revocation.REQUIRE).complete(evidence)))
                .hasMessage("down");
        EvidenceUnavailableException failure =
                failure(() -> answers(OcspSource.none(), Revocation.REQUIRE).complete(evidence));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessageStartingWith("ocsp answer of certificate ")
                .hasMessageEndingWith(": no source has it, and policy requires it");
        assertThat(answers(down, Revocation.USE_IF_AVAILABLE).complete(evidence))
                .isEqualTo(GpuCollateral.NONE);
        assertThat(answers(OcspSource.none(), Revocation.USE_IF_AVAILABLE).complete(evidence))
                .isEqualTo(GpuCollateral.NONE);
    }

    @Test
    void currentAnswersThatCameAlongWillDoWhereTheSourceIsDown() throws Exception {
        List<GpuEvidence> evidence = List.of(GPU.evidence(NONCE));
        GpuCollateral current = new GpuCollateral(List.of(), GPU.ocspAnswers(NOW.minus(Duration.ofHours(1))));
        GpuCollateral stale = new GpuCollateral(List.of(), GPU.ocspAnswers(NOW.minus(Duration.ofHours(25))));
        GpuCollateralCompletion completion = answers(OcspSource.none(), Revocation.REQUIRE);

        assertThat(completion.complete(evidence, current)).isEqualTo(current);
        assertThat(failure(() -> completion.complete(evidence, stale)).retryable())
                .isFalse();
    }

    @Test
    void evidenceThatCannotBeReadCallsForNothing() throws Exception {
        GpuEvidence garbage =
                new GpuEvidence(HTML, List.of(HTML, GPU.certificates().get(2), HTML, HTML, HTML));

        assertThat(completion().build().complete(List.of(garbage))).isEqualTo(GpuCollateral.NONE);
        assertThat(rimsAsked).isEmpty();
        assertThat(certificatesAsked).isEmpty();
    }

    @Test
    void nobodyIsAskedAboutMoreCertificatesThanAChainHas() throws Exception {
        Bytes root = NVIDIA.rootCertificate();
        GpuEvidence endless = new GpuEvidence(HTML, List.of(root, root, root, root, root, root, root, root, root));

        completion().build().complete(List.of(endless));
        assertThat(certificatesAsked).hasSize(1);
        List<Bytes> mixed = new ArrayList<>(GPU.certificates());
        mixed.addAll(AUTHORITY.certificates());
        completion().build().complete(List.of(new GpuEvidence(HTML, mixed)));
        assertThat(certificatesAsked).hasSize(4);
    }

    private GpuCollateralCompletion.Builder completion() {
        return GpuCollateralCompletion.from(rims, ocsp);
    }

    private static GpuCollateralCompletion answers(OcspSource source, Revocation revocation) {
        return GpuCollateralCompletion.from(RimSource.none(), source)
                .revocation(revocation)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
    }

    private void serve(SoftwareGpu device) throws Exception {
        known.put(driver(device), DRIVER);
        known.put(vbios(device), VBIOS);
    }

    private static RimId driver(SoftwareGpu device) throws Exception {
        return RimId.driver(report(device), family(device)).orElseThrow();
    }

    private static RimId vbios(SoftwareGpu device) throws Exception {
        return RimId.vbios(report(device), family(device)).orElseThrow();
    }

    private static GpuArchitecture family(SoftwareGpu device) {
        return device.evidence(NONCE).architecture().orElseThrow();
    }

    private static GpuReport report(SoftwareGpu device) throws Exception {
        return GpuReport.parse(device.report(NONCE));
    }
}
