package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRim;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

class RimCheckerTest {

    private static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    private static final SoftwareRim RIM = AUTHORITY.driver(NVIDIA.device(GpuArchitecture.HOPPER));
    private static final List<Bytes> CERTIFICATES = AUTHORITY.certificates();

    private final AtomicInteger keysDecoded = new AtomicInteger();
    private final RimChecker checker = checker(8);

    private RimChecker checker(int keep) {
        SignatureEngine counting = new SignatureEngine() {
            @Override
            public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
                keysDecoded.incrementAndGet();
                return SignatureEngine.standard().key(spki);
            }
        };
        return new RimChecker(AUTHORITY.trustAnchors(), counting, keep);
    }

    private void chainBroken(SoftwareRim rim, String... starts) throws Exception {
        CheckedRim checked = checker.check(rim.xml());
        assertThat(checked.sound()).isFalse();
        assertThat(checked.chainDefects()).hasSize(starts.length);
        for (int i = 0; i < starts.length; i++) {
            assertThat(checked.chainDefects().get(i)).contains(starts[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(GpuArchitecture.class)
    void aFirmwareImagesManifestOfAnyArchitectureIsSound(GpuArchitecture architecture) throws Exception {
        SoftwareGpu device = NVIDIA.device(architecture);
        CheckedRim checked = checker.check(AUTHORITY.vbios(device).xml());

        assertThat(checked.sound()).isTrue();
        assertThat(checked.root().map(NvidiaTrustAnchor::certificateSha256))
                .contains(AUTHORITY.rootCertificate().sha256());
        assertThat(checked.certificates()).extracting(X509Cert::der).isEqualTo(CERTIFICATES);
        assertThat(checked.invalidAt(Instant.parse("2026-11-24T00:00:00Z"))).isEmpty();
        assertThat(checked.rim()).isEqualTo(Rim.parse(AUTHORITY.vbios(device).xml()));
        assertThat(checked.rim().product())
                .isEqualTo(
                        switch (architecture) {
                            case HOPPER -> "GH100";
                            case BLACKWELL -> "GB100";
                            case LS10 -> "LS10";
                        });
    }

    @Test
    void aSwitchHasNoDriverToMakeAManifestFor() {
        SoftwareGpu nvSwitch = NVIDIA.device(GpuArchitecture.LS10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AUTHORITY.driver(nvSwitch))
                .withMessage("device must report a driver, found none");
    }

    @Test
    void softwareIsNotTrustedByNvidiasAnchors() throws Exception {
        CheckedRim checked = new RimChecker(NvidiaTrustAnchors.rim(), SignatureEngine.standard(), 1).check(RIM.xml());

        assertThat(checked.chainDefects())
                .singleElement()
                .asString()
                .contains("12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1");
    }

    @Test
    void aChainThatIsTooShortOrTooLongFails() throws Exception {
        chainBroken(
                RIM.withCertificates(CERTIFICATES.subList(0, 3)),
                "chain must have 4 certificates, found 3",
                "last certificate must be a trust anchor with digest");
        chainBroken(
                RIM.withCertificates(List.of(
                        CERTIFICATES.get(0),
                        CERTIFICATES.get(1),
                        CERTIFICATES.get(2),
                        CERTIFICATES.get(3),
                        CERTIFICATES.get(3))),
                "chain must have 4 certificates, found 5");
    }

    @Test
    void asManyCertificatesAsAreReadAreADefectOfTheChainAlone() throws Exception {
        List<Bytes> eight = new ArrayList<>(CERTIFICATES);
        eight.addAll(CERTIFICATES);

        assertThat(checker.check(RIM.withCertificates(eight).xml()).chainDefects())
                .contains("chain must have 4 certificates, found 8");
    }

    /** Sound, and good for signatures that no manifest has. */
    @Test
    void aKeyOfAnotherKindIsNoKey() throws Exception {
        SignatureEngine other = spki -> new VerificationKey() {
            @Override
            public SignatureAlgorithm algorithm() {
                return SignatureAlgorithm.ECDSA_P256_SHA256;
            }

            @Override
            public Bytes spki() {
                return spki;
            }

            @Override
            public boolean verify(Bytes message, Bytes signature) {
                return true;
            }
        };

        CheckedRim checked = new RimChecker(AUTHORITY.trustAnchors(), other, 1).check(RIM.xml());

        assertThat(checked.chainDefects())
                .hasSize(4)
                .allSatisfy(defect -> assertThat(defect).contains("must have a key on P-384, found "));
        assertThat(checked.signatureDefects())
                .containsExactly("signature must be that of the first certificate's key, found no key on P-384 there");
    }

    @Test
    void certificatesOutOfOrderFail() throws Exception {
        chainBroken(
                RIM.withCertificates(
                        List.of(CERTIFICATES.get(0), CERTIFICATES.get(2), CERTIFICATES.get(1), CERTIFICATES.get(3))),
                "certificate 0 (HCC RIM L4 Signer) must name certificate 1 as its issuer",
                "certificate 0 (HCC RIM L4 Signer) must be signed by certificate 1",
                "certificate 1 (NVIDIA Reference Value GH100 CA) must name certificate 2 as its issuer",
                "certificate 1 (NVIDIA Reference Value GH100 CA) must be signed by certificate 2",
                "certificate 2 (NVIDIA Reference Value L3 GH100 002) must admit 1 intermediate certificates, found 0",
                "certificate 2 (NVIDIA Reference Value L3 GH100 002) must name certificate 3 as its issuer",
                "certificate 2 (NVIDIA Reference Value L3 GH100 002) must be signed by certificate 3");
    }

    @Test
    void aSignerUnderAForeignAuthorityOfTheSameNamesFails() throws Exception {
        SoftwareRimAuthority foreign = SoftwareRimAuthority.create();
        List<Bytes> certificates = foreign.certificates();

        chainBroken(
                foreign.driver(NVIDIA.device(GpuArchitecture.HOPPER))
                        .withCertificates(List.of(
                                certificates.get(0), certificates.get(1), certificates.get(2), CERTIFICATES.get(3))),
                "certificate 2 (NVIDIA Reference Value GH100 CA) must be signed by certificate 3");
    }

    @Test
    void anAuthorityIsNoSigner() throws Exception {
        CheckedRim checked =
                checker.check(RIM.withCertificates(CERTIFICATES.subList(1, 4)).xml());

        assertThat(checked.chainDefects())
                .contains("certificate 0 (NVIDIA Reference Value L3 GH100 002) must be no authority and be allowed to"
                        + " sign, found otherwise");
    }

    @Test
    void aDeviceIsNoSignerOfManifests() throws Exception {
        // The chain of a device, trusted as such, and of the right length.
        SoftwareGpu gpu = NVIDIA.device(GpuArchitecture.HOPPER);
        CheckedRim checked = new RimChecker(NVIDIA.trustAnchors(), SignatureEngine.standard(), 0)
                .check(RIM.withCertificates(gpu.certificates()).xml());

        assertThat(checked.chainDefects()).containsExactly("chain must have 4 certificates, found 5");
        assertThat(checked.signatureDefects()).hasSize(1);
    }

    @Test
    void aCertificateThatCannotBeReadIsADefectOfTheChainAndOfTheSignature() throws Exception {
        List<Bytes> certificates = new ArrayList<>(CERTIFICATES);
        certificates.set(2, certificates.get(2).slice(0, 100));
        CheckedRim checked = checker.check(RIM.withCertificates(certificates).xml());

        assertThat(checked.chainDefects()).singleElement().asString().startsWith("certificate 2, ");
        assertThat(checked.signatureDefects())
                .contains("signature must be that of the first certificate's key, found no key on P-384 there");
        assertThat(checked.certificates()).isEmpty();
        assertThat(checked.root()).isEmpty();
        assertThat(checked.invalidAt(Instant.EPOCH)).isEmpty();
        assertThat(checked.sound()).isFalse();
    }

    @Test
    void aSignatureThatIsBrokenLeavesTheChainSound() throws Exception {
        CheckedRim checked =
                checker.check(RIM.withSignatureValue(Bytes::reversed).xml());

        assertThat(checked.chainDefects()).isEmpty();
        assertThat(checked.signatureDefects()).hasSize(1);
        assertThat(checked.sound()).isFalse();
    }

    @Test
    void anExpiredSignerIsAFactAboutTheInstant() throws Exception {
        Instant from = Instant.parse("2023-06-27T06:10:12Z");
        Instant until = Instant.parse("2025-06-26T06:10:12Z");
        SoftwareRim rim = AUTHORITY.withSigner(from, until).driver(NVIDIA.device(GpuArchitecture.HOPPER));
        CheckedRim checked = checker.check(rim.xml());

        assertThat(checked.sound()).isTrue();
        assertThat(checked.invalidAt(from)).isEmpty();
        assertThat(checked.invalidAt(until)).isEmpty();
        for (Instant outside : List.of(from.minusSeconds(1), until.plusSeconds(1))) {
            assertThat(checker.check(rim.xml()).invalidAt(outside))
                    .containsExactly("certificate 0 (HCC RIM L4 Signer) must be valid at " + outside + ", found " + from
                            + " to " + until);
        }
    }

    @Test
    void everyCertificateHasToBeValid() throws Exception {
        SoftwareRimAuthority authority = SoftwareRimAuthority.create(
                Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2025-01-01T00:00:00Z"));
        CheckedRim checked = checker.check(
                authority.driver(NVIDIA.device(GpuArchitecture.HOPPER)).xml());

        assertThat(checked.invalidAt(Instant.parse("2026-01-01T00:00:00Z"))).hasSize(4);
    }

    @Test
    void aSoundManifestIsCheckedOnce() throws Exception {
        CheckedRim first = checker.check(RIM.xml());
        int decoded = keysDecoded.get();

        assertThat(decoded).isPositive();
        assertThat(checker.check(Bytes.of(RIM.xml().toByteArray()))).isSameAs(first);
        assertThat(keysDecoded).hasValue(decoded);
        assertThat(checker.check(RIM.withVersion("580.95.06").xml())).isNotSameAs(first);
    }

    @Test
    void nothingIsKeptWhereThereIsNoRoom() throws Exception {
        RimChecker keepsNone = checker(0);

        assertThat(keepsNone.check(RIM.xml())).isNotSameAs(keepsNone.check(RIM.xml()));
        assertThatIllegalArgumentException().isThrownBy(() -> checker(-1));
    }

    @Test
    void aFailureIsNeverKept() throws Exception {
        for (SoftwareRim rim : List.of(
                RIM.withSignatureValue(Bytes::reversed),
                SoftwareRimAuthority.create().driver(NVIDIA.device(GpuArchitecture.HOPPER)))) {
            Bytes xml = rim.xml();

            assertThat(checker.check(xml)).isNotSameAs(checker.check(xml));
        }
        Bytes malformed = RIM.withText(text -> text + "x").xml();
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> checker.check(malformed));
        }
    }

    @Test
    void manyThreadsGetTheSameAnswers() {
        List<Bytes> documents = List.of(
                RIM.xml(),
                RIM.withSignatureValue(Bytes::reversed).xml(),
                RIM.withVersion("1").xml());
        RimChecker small = checker(1);

        List<Boolean> sound = IntStream.range(0, 60)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return small.check(documents.get(i % 3)).sound();
                    } catch (MalformedEvidenceException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();

        for (int i = 0; i < 60; i++) {
            assertThat(sound.get(i)).isEqualTo(i % 3 != 1);
        }
    }
}
