package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.SnpLab.FROM;
import static org.verifiableai.attestation.testkit.SnpLab.GENOA;
import static org.verifiableai.attestation.testkit.SnpLab.NOW;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.REPORT_DATA;
import static org.verifiableai.attestation.testkit.SnpLab.TCB;
import static org.verifiableai.attestation.testkit.SnpLab.UNTIL;
import static org.verifiableai.attestation.testkit.SnpLab.alone;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;
import static org.verifiableai.attestation.testkit.SnpLab.policy;
import static org.verifiableai.attestation.testkit.SnpLab.verify;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

class SnpVerifierTest {

    private static final int KEY_INFO = 0x048;
    private static final int CPUID = 0x188;
    private static final int CHIP_ID = 0x1A0;

    private static final SoftwareSnpPlatform OTHER_CHIP = GENOA.platform(TCB);

    @Test
    void aReportThatMeetsThePolicyIsAccepted() throws Exception {
        Verdict<SnpReport> verdict = verify(PLATFORM, p -> p);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(SnpChecks.ALL);
        assertThat(verdict.orElseThrow().value().reportData()).isEqualTo(REPORT_DATA);
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("product", "Genoa")
                .containsEntry("version", "3")
                .containsEntry("reportData", REPORT_DATA.hex())
                .containsEntry("reportedTcb", "bl=10,tee=0,snp=23,ucode=219")
                .containsEntry("evaluatedAt", NOW.toString());
    }

    @Test
    void turinsLayoutAndShortChipIdentifierAreAccepted() {
        SoftwareAmd turin = SnpLab.TURIN;
        SoftwareSnpPlatform platform = SnpLab.TURIN_PLATFORM;
        SnpPolicy policy =
                policy().minimumTcb(TcbVersion.ofTurin(1, 3, 2, 5, 97)).build();

        Verdict<SnpReport> verdict = verifier(turin.trustAnchors()).verify(platform.report(REPORT_DATA), policy);
        Verdict<SnpReport> noisy = verifier(turin.trustAnchors())
                .verify(platform.with(CHIP_ID + 8, Bytes.fromHex("01")).report(REPORT_DATA), policy);
        Verdict<SnpReport> elsewhere = verifier(GENOA.trustAnchors()).verify(platform.report(REPORT_DATA), policy);

        assertThat(verdict.failures()).isEmpty();
        assertThat(failed(noisy)).containsExactly(SnpChecks.CHIP_ID);
        assertThat(failed(elsewhere)).containsExactly(SnpChecks.CHAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void everyKnownVersionIsAccepted(int version) {
        SoftwareSnpPlatform platform = PLATFORM.withVersion(version);

        assertThat(failed(verify(version == 2 ? platform.with(CPUID, Bytes.zeros(3)) : platform, p -> p)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 255, -1})
    void otherVersionsAreRefusedByName(int version) {
        Verdict<SnpReport> verdict = verify(PLATFORM.withVersion(version), p -> p);

        assertThat(failed(verdict)).containsExactly(SnpChecks.FORMAT);
        assertThat(verdict.failures().get(0).detail())
                .contains("unsupported version " + Integer.toUnsignedString(version));
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(SnpChecks.ALL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1183, 1185, 4096})
    void aReportOfAnotherLengthIsRefusedWithBothLengths(int length) {
        SnpEvidence evidence = PLATFORM.report(REPORT_DATA);
        Verdict<SnpReport> verdict = verifier(GENOA.trustAnchors())
                .verify(
                        new SnpEvidence(
                                Bytes.zeros(length),
                                evidence.vek(),
                                evidence.authorities(),
                                evidence.revocationLists()),
                        policy().build());

        assertThat(failed(verdict)).containsExactly(SnpChecks.FORMAT);
        assertThat(verdict.failures().get(0).detail())
                .isEqualTo("attestation report at offset 0x0: expected exactly 1184 bytes, found " + length + " bytes");
    }

    @Test
    void anotherProcessorFailsTheProductAlone() {
        alone(SnpChecks.PRODUCT, PLATFORM, p -> p.productLine(ProductLine.MILAN));

        Verdict<SnpReport> unknown = verify(PLATFORM.withCpu(0x1A, 0x20, 0), p -> p);
        assertThat(failed(unknown)).containsExactly(SnpChecks.PRODUCT);
        assertThat(check(unknown, SnpChecks.PRODUCT).detail())
                .isEqualTo("processor is not of Milan, Genoa or Turin: family 1ah model 20h stepping 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x50, 0x57, 0x90, 0x9F, 0xA0, 0xAF, 0xC0, 0xC7})
    void veniceIsRefusedByName(int model) {
        Verdict<SnpReport> venice = verify(PLATFORM.withCpu(0x1A, model, 1), p -> p);

        assertThat(failed(venice)).containsExactly(SnpChecks.PRODUCT);
        assertThat(check(venice, SnpChecks.PRODUCT).detail()).startsWith("Venice is not supported: family 1ah model");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x12, 0x4F, 0x58, 0x8F, 0xB0, 0xBF, 0xC8, 0xFF})
    void itsNeighboursAreNotCalledVenice(int model) {
        Verdict<SnpReport> neighbour = verify(PLATFORM.withCpu(0x1A, model, 1), p -> p);

        assertThat(failed(neighbour)).containsExactly(SnpChecks.PRODUCT);
        assertThat(check(neighbour, SnpChecks.PRODUCT).detail()).startsWith("processor is not of Milan");
    }

    @Test
    void aReportOfAnotherLineThanItsCertificateIsRefused() {
        Verdict<SnpReport> verdict = verify(PLATFORM.with(CPUID, Bytes.fromHex("190101")), p -> p);

        assertThat(failed(verdict)).contains(SnpChecks.PRODUCT);
    }

    @Test
    void aVlekFailsTheSigningKeyUnlessAllowed() {
        SoftwareSnpPlatform vlek = GENOA.platformWithVlek(TCB, "CN=cloud.example");

        alone(SnpChecks.SIGNING_KEY, vlek, p -> p);
        Verdict<SnpReport> allowed = verify(vlek, p -> p.allowVlek("our cloud"));
        assertThat(allowed.failures()).isEmpty();
        assertThat(check(allowed, SnpChecks.CHIP_ID).detail()).contains("our cloud");
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 1, 2 << 2, 3 << 2, 6 << 2, 7 << 2})
    void aReportThatNoKeySignedFailsTheSigningKeyAlone(int keyInfo) {
        alone(SnpChecks.SIGNING_KEY, PLATFORM.with(KEY_INFO, Bytes.of((byte) keyInfo)), p -> p);
    }

    @Test
    void reservedBitsOfKeyInfoAreRefused() {
        assertThat(failed(verify(PLATFORM.with(KEY_INFO, Bytes.of((byte) 0x20)), p -> p)))
                .containsExactly(SnpChecks.FORMAT);
    }

    @Test
    void aRootThatIsNotPinnedFailsTheChainAlone() {
        SnpPolicy unrevoked =
                policy().withoutRevocation("only the chain is looked at").build();

        Verdict<SnpReport> verdict = verifier(SnpTrustAnchors.amd()).verify(PLATFORM.report(REPORT_DATA), unrevoked);
        Verdict<SnpReport> withoutRoot = verifier(SnpTrustAnchors.amd())
                .verify(PLATFORM.withAuthorities(List.of(GENOA.ask())).report(REPORT_DATA), unrevoked);

        assertThat(failed(verdict)).containsExactly(SnpChecks.CHAIN);
        assertThat(failed(withoutRoot)).containsExactly(SnpChecks.CHAIN);
    }

    @Test
    void theRootsCertificateMayBeMissing() {
        assertThat(failed(verify(PLATFORM.withAuthorities(List.of(GENOA.ask())), p -> p)))
                .isEmpty();
    }

    @Test
    void aWrongOrMissingSigningAuthorityFailsTheChainAlone() {
        for (List<Bytes> authorities : List.of(
                List.<Bytes>of(),
                List.of(GENOA.ark()),
                List.of(GENOA.asvk(), GENOA.ark()),
                List.of(GENOA.ask(), GENOA.asvk()),
                List.of(PLATFORM.report(REPORT_DATA).vek(), GENOA.ark()))) {
            alone(
                    SnpChecks.CHAIN,
                    PLATFORM.withAuthorities(authorities),
                    p -> p.withoutRevocation("only the chain is looked at"));
        }
    }

    @Test
    void certificatesAreValidBothEndsIncluded() {
        SnpPolicy unrevoked =
                policy().withoutRevocation("only validity is looked at").build();
        SnpEvidence evidence = PLATFORM.report(REPORT_DATA);

        for (Instant inside : List.of(FROM, UNTIL)) {
            assertThat(failed(at(inside).verify(evidence, unrevoked))).isEmpty();
        }
        for (Instant outside : List.of(FROM.minusSeconds(1), UNTIL.plusSeconds(1))) {
            assertThat(failed(at(outside).verify(evidence, unrevoked))).containsExactly(SnpChecks.VALIDITY);
        }
    }

    @Test
    void revocationFailsAlone() {
        Bytes empty = list(FROM, UNTIL);
        Bytes revoking = GENOA.revocationList(FROM, UNTIL, List.of(GENOA.askSerial()));
        Bytes foreign = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL).revocationList(FROM, UNTIL, List.of());

        for (List<Bytes> lists : List.of(
                List.<Bytes>of(),
                List.of(revoking),
                List.of(empty, revoking),
                List.of(revoking, empty),
                List.of(foreign),
                List.of(list(FROM, NOW)),
                List.of(list(NOW.plusSeconds(1), UNTIL)))) {
            alone(SnpChecks.REVOCATION, PLATFORM.withRevocationLists(lists), p -> p);
        }
        assertThat(failed(verify(PLATFORM.withRevocationLists(List.of(list(NOW, UNTIL))), p -> p)))
                .isEmpty();
    }

    @Test
    void listsAreNotLookedAtWhereRevocationIsOff() {
        SnpEvidence evidence =
                PLATFORM.report(REPORT_DATA).withRevocationLists(Collections.nCopies(9, Bytes.utf8("no list")));

        Verdict<SnpReport> off = verifier(GENOA.trustAnchors())
                .verify(evidence, policy().withoutRevocation("why").build());
        SnpLab.waived(off, SnpChecks.REVOCATION, "why");
        assertThat(failed(verifier(GENOA.trustAnchors()).verify(evidence, policy().build())))
                .containsExactly(SnpChecks.FORMAT);
        assertThat(failed(verifier(GENOA.trustAnchors()).verifySignatureOnly(evidence, Revocation.OFF, "why")))
                .isEmpty();
        assertThat(failed(verifier(GENOA.trustAnchors()).verifySignatureOnly(evidence, Revocation.REQUIRE, "why")))
                .containsExactly(SnpChecks.FORMAT);
    }

    @Test
    void aListIsNeededOnlyWhereRevocationIsRequired() {
        SoftwareSnpPlatform none = PLATFORM.withRevocationLists(List.of());
        SoftwareSnpPlatform stale = PLATFORM.withRevocationLists(List.of(list(FROM, NOW)));

        Verdict<SnpReport> available = verify(none, p -> p.useRevocationIfAvailable("no network"));
        assertThat(available.failures()).isEmpty();
        assertThat(check(available, SnpChecks.REVOCATION).detail()).contains("no network");
        alone(SnpChecks.REVOCATION, stale, p -> p.useRevocationIfAvailable("no network"));
        assertThat(failed(verify(stale, p -> p.withoutRevocation("why")))).isEmpty();
    }

    @Test
    void theKeyOfAnotherChipFailsTheSignatureAlone() {
        alone(SnpChecks.SIGNATURE, PLATFORM.withKeyOf(OTHER_CHIP), p -> p);
    }

    @Test
    void theCertificateOfAnotherChipFailsSignatureAndChip() {
        assertThat(failed(verify(PLATFORM.withCertificateOf(OTHER_CHIP), p -> p)))
                .containsExactly(SnpChecks.SIGNATURE, SnpChecks.CHIP_ID);
    }

    @Test
    void aTcbOtherThanTheCertificatesFailsAlone() {
        alone(SnpChecks.TCB_CERTIFICATE, PLATFORM.withReportedTcb(TcbVersion.of(10, 0, 24, 219)), p -> p);
        // A reserved byte is no part of any component and still has to be as certified.
        alone(SnpChecks.TCB_CERTIFICATE, PLATFORM.with(0x183, Bytes.of((byte) 1)), p -> p);
    }

    @Test
    void anotherOrMaskedChipFailsAlone() {
        SoftwareSnpPlatform masked = PLATFORM.with(CHIP_ID, Bytes.zeros(64));

        alone(SnpChecks.CHIP_ID, PLATFORM.with(CHIP_ID, Bytes.fromHex("11".repeat(64))), p -> p);
        alone(SnpChecks.CHIP_ID, masked, p -> p);
        Verdict<SnpReport> allowed = verify(masked, p -> p.allowMaskedChipId("shared host"));
        assertThat(allowed.failures()).isEmpty();
        assertThat(check(allowed, SnpChecks.CHIP_ID).detail()).contains("shared host");
    }

    @Test
    void aRejectionEstablishesNothing() {
        assertThat(verify(PLATFORM.withPolicy(0xB0000), p -> p).toJson()).contains("\"facts\":{}");
    }

    @Test
    void whatNoCheckReadsDecidesNothing() {
        SnpEvidence evidence = PLATFORM.report(REPORT_DATA);
        byte[] raw = evidence.report().toByteArray();
        raw[0x330] ^= 1;
        raw[0x49F] ^= 1;

        assertThat(failed(verifier(GENOA.trustAnchors())
                        .verify(
                                new SnpEvidence(
                                        Bytes.of(raw),
                                        evidence.vek(),
                                        evidence.authorities(),
                                        evidence.revocationLists()),
                                policy().build())))
                .isEmpty();
    }

    @Test
    void reportDataOfAnotherLengthIsTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> PLATFORM.report(Bytes.zeros(63)));
    }

    @Test
    void damagedEvidenceIsRejectedAndRaisesNothing() {
        Random random = new Random(20261124);
        SnpEvidence good = PLATFORM.report(REPORT_DATA);
        SnpVerifier verifier = verifier(GENOA.trustAnchors());
        SnpPolicy policy = policy().build();
        for (int round = 0; round < 400; round++) {
            List<Bytes> parts = new ArrayList<>(List.of(
                    good.vek(),
                    good.authorities().get(0),
                    good.authorities().get(1),
                    good.revocationLists().get(0)));
            int victim = round % parts.size();
            parts.set(victim, damaged(parts.get(victim), random));
            Verdict<SnpReport> verdict = verifier.verify(
                    new SnpEvidence(
                            good.report(), parts.get(0), List.of(parts.get(1), parts.get(2)), List.of(parts.get(3))),
                    policy);

            // The root is pinned, so that its own certificate is not missed where it cannot be read.
            boolean leftOut = victim == 2
                    && check(verdict, SnpChecks.CHAIN).detail().contains("under the pinned ARK-Genoa; left out");
            assertThat(verdict.accepted() && !leftOut)
                    .as("round " + round + ", part " + victim + ": " + parts.get(victim))
                    .isFalse();
            assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(SnpChecks.ALL);
        }
    }

    private static Bytes damaged(Bytes good, Random random) {
        byte[] raw = good.toByteArray();
        int at = random.nextInt(raw.length);
        return switch (random.nextInt(4)) {
            case 0 -> good.slice(0, at);
            case 1 -> good.concat(Bytes.of((byte) random.nextInt(256)));
            case 2 -> good.slice(0, at).concat(good.slice(Math.min(raw.length, at + 1), raw.length));
            default -> {
                raw[at] ^= (byte) (1 << random.nextInt(8));
                yield Bytes.of(raw);
            }
        };
    }

    private static SnpVerifier verifier(SnpTrustAnchors anchors) {
        return SnpVerifier.builder()
                .trustAnchors(anchors)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
    }

    private static SnpVerifier at(Instant instant) {
        return SnpVerifier.builder()
                .trustAnchors(GENOA.trustAnchors())
                .clock(Clock.fixed(instant, ZoneOffset.UTC))
                .build();
    }

    private static Bytes list(Instant thisUpdate, Instant nextUpdate) {
        return GENOA.revocationList(thisUpdate, nextUpdate, List.of(BigInteger.ONE));
    }
}
