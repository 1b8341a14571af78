package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.verifiableai.attestation.testkit.SnpLab.CSP;
import static org.verifiableai.attestation.testkit.SnpLab.FROM;
import static org.verifiableai.attestation.testkit.SnpLab.GENOA;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.TCB;
import static org.verifiableai.attestation.testkit.SnpLab.UNTIL;
import static org.verifiableai.attestation.testkit.SnpLab.VLEK;
import static org.verifiableai.attestation.testkit.SnpLab.failed;
import static org.verifiableai.attestation.testkit.SnpLab.verify;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
import org.verifiableai.attestation.snp.FirmwareVersion;
import org.verifiableai.attestation.snp.GuestPolicy;
import org.verifiableai.attestation.snp.PlatformInfo;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

/** Each check has a platform that meets its demand and one that differs in one thing, by which this check fails alone. */
class EachSnpCheckTest {

    private static final Bytes DIGEST = Bytes.fromHex("44".repeat(48));
    private static final Bytes ID = Bytes.fromHex("55".repeat(16));
    private static final Bytes LONG_ID = Bytes.fromHex("66".repeat(32));
    private static final long ORDINARY_POLICY = 0x30000;
    private static final TcbVersion HIGHER = TcbVersion.of(10, 0, 24, 0);
    private static final SoftwareSnpPlatform V5 = PLATFORM.withVersion(5);

    private record Defect(CheckId id, Supplier<Verdict<SnpReport>> good, Supplier<Verdict<SnpReport>> bad) {}

    private static final List<Defect> DEFECTS = List.of(
            defect(SnpChecks.FORMAT, PLATFORM, PLATFORM.withVersion(6), p -> p),
            defect(SnpChecks.PRODUCT, PLATFORM, PLATFORM.withCpu(0x1A, 0x50, 0), p -> p),
            defect(SnpChecks.SIGNING_KEY, PLATFORM, VLEK, p -> p),
            defect(
                    SnpChecks.CHAIN,
                    PLATFORM,
                    PLATFORM.withAuthorities(List.of(GENOA.ark())),
                    p -> p.withoutRevocation("without a chain nothing could be looked up")),
            new Defect(SnpChecks.VALIDITY, () -> verifyAt(UNTIL), () -> verifyAt(FROM.minusSeconds(1))),
            defect(SnpChecks.REVOCATION, PLATFORM, PLATFORM.withRevocationLists(List.of(revoking())), p -> p),
            defect(SnpChecks.SIGNATURE, PLATFORM, PLATFORM.withKeyOf(GENOA.platform(TCB)), p -> p),
            defect(SnpChecks.TCB_CERTIFICATE, PLATFORM, PLATFORM.withReportedTcb(HIGHER), p -> p),
            defect(SnpChecks.CHIP_ID, PLATFORM, PLATFORM.withChipId(Bytes.fromHex("11".repeat(64))), p -> p),
            defect(SnpChecks.CHIP_ALLOWED, PLATFORM, GENOA.platform(TCB), p -> p.allowedChip(PLATFORM.chipId())),
            defect(
                    SnpChecks.CSP_ID,
                    VLEK,
                    GENOA.platformWithVlek(TCB, CSP + ".other"),
                    p -> p.allowVlek("a cloud").allowedCsp(CSP)),
            policyBit(SnpChecks.GUEST_POLICY_DEBUG, 19, p -> p),
            policyBit(SnpChecks.GUEST_POLICY_MIGRATION_AGENT, 18, p -> p),
            defect(
                    SnpChecks.GUEST_POLICY_ABI,
                    PLATFORM.withPolicy(0x30137),
                    PLATFORM.withPolicy(0x30136),
                    p -> p.minimumAbi(1, 0x37)),
            defect(SnpChecks.GUEST_POLICY_SMT, PLATFORM.withPolicy(0x20000), PLATFORM, p -> p.refuseSmt()),
            policyBit(SnpChecks.GUEST_POLICY_CXL, 21, p -> p.refuseCxl()),
            requirement(SnpChecks.GUEST_POLICY_SINGLE_SOCKET, 20, GuestPolicy.Requirement.SINGLE_SOCKET),
            requirement(SnpChecks.GUEST_POLICY_MEM_AES_256_XTS, 22, GuestPolicy.Requirement.MEM_AES_256_XTS),
            requirement(SnpChecks.GUEST_POLICY_RAPL_DIS, 23, GuestPolicy.Requirement.RAPL_DIS),
            requirement(SnpChecks.GUEST_POLICY_CIPHERTEXT_HIDING, 24, GuestPolicy.Requirement.CIPHERTEXT_HIDING),
            requirement(SnpChecks.GUEST_POLICY_PAGE_SWAP_DISABLE, 25, GuestPolicy.Requirement.PAGE_SWAP_DISABLE),
            policyBit(SnpChecks.GUEST_POLICY_UNKNOWN_BITS, 26, p -> p.refuseUnknownGuestPolicyBits()),
            feature(SnpChecks.PLATFORM_INFO_SMT, 0, PlatformInfo.Feature.SMT_EN),
            feature(SnpChecks.PLATFORM_INFO_TSME, 1, PlatformInfo.Feature.TSME_EN),
            feature(SnpChecks.PLATFORM_INFO_ECC, 2, PlatformInfo.Feature.ECC_EN),
            feature(SnpChecks.PLATFORM_INFO_RAPL_DIS, 3, PlatformInfo.Feature.RAPL_DIS),
            feature(SnpChecks.PLATFORM_INFO_CIPHERTEXT_HIDING, 4, PlatformInfo.Feature.CIPHERTEXT_HIDING_DRAM_EN),
            feature(SnpChecks.PLATFORM_INFO_ALIAS_CHECK, 5, PlatformInfo.Feature.ALIAS_CHECK_COMPLETE),
            feature(SnpChecks.PLATFORM_INFO_IOMMU_WRITE_SAFE, 6, PlatformInfo.Feature.IOMMU_WRITE_SAFE),
            feature(SnpChecks.PLATFORM_INFO_TIO, 7, PlatformInfo.Feature.TIO_EN),
            defect(
                    SnpChecks.PLATFORM_INFO_UNKNOWN_BITS,
                    PLATFORM.withPlatformInfo(0xFF),
                    PLATFORM.withPlatformInfo(0x100),
                    p -> p.refuseUnknownPlatformBits()),
            defect(SnpChecks.VMPL, PLATFORM, PLATFORM.withVmpl(1), p -> p),
            defect(SnpChecks.MEASUREMENT, PLATFORM, PLATFORM.withMeasurement(DIGEST), p -> p),
            new Defect(
                    SnpChecks.REPORT_DATA,
                    () -> verify(PLATFORM, p -> p),
                    () -> verify(PLATFORM, p -> p.expectedReportData(Bytes.zeros(64)))),
            defect(SnpChecks.HOST_DATA, PLATFORM.withHostData(LONG_ID), PLATFORM, p -> p.hostData(LONG_ID)),
            defect(SnpChecks.GUEST_SVN, PLATFORM.withGuestSvn(7), PLATFORM.withGuestSvn(6), p -> p.minimumGuestSvn(7)),
            defect(SnpChecks.FAMILY_ID, PLATFORM.withFamilyId(ID), PLATFORM, p -> p.familyId(ID)),
            defect(SnpChecks.IMAGE_ID, PLATFORM.withImageId(ID), PLATFORM, p -> p.imageId(ID)),
            defect(SnpChecks.REPORT_ID, PLATFORM, PLATFORM.withReportId(LONG_ID), p -> p.reportId(PLATFORM.reportId())),
            defect(SnpChecks.REPORT_ID_MA, PLATFORM.withReportIdMa(LONG_ID), PLATFORM, p -> p.reportIdMa(LONG_ID)),
            defect(SnpChecks.ID_BLOCK, PLATFORM.withIdKey(DIGEST), PLATFORM, p -> p.requireIdBlock()),
            defect(SnpChecks.ID_KEY, PLATFORM.withIdKey(DIGEST), PLATFORM, p -> p.trustedIdKey(DIGEST)),
            defect(SnpChecks.AUTHOR_KEY, PLATFORM.withAuthorKey(DIGEST), PLATFORM, p -> p.requireAuthorKey()),
            defect(SnpChecks.TCB_MINIMUM, GENOA.platform(HIGHER), PLATFORM, p -> p.minimumTcb(HIGHER)),
            defect(
                    SnpChecks.TCB_COMMITTED,
                    PLATFORM.withCommittedTcb(HIGHER),
                    PLATFORM,
                    p -> p.minimumCommittedTcb(HIGHER)),
            defect(SnpChecks.TCB_LAUNCH, PLATFORM.withLaunchTcb(HIGHER), PLATFORM, p -> p.minimumLaunchTcb(HIGHER)),
            defect(
                    SnpChecks.FIRMWARE_CURRENT,
                    PLATFORM,
                    PLATFORM.withCurrentFirmware(new FirmwareVersion(1, 55, 39)),
                    p -> p.minimumFirmware(new FirmwareVersion(1, 55, 40))),
            defect(
                    SnpChecks.FIRMWARE_COMMITTED,
                    PLATFORM,
                    PLATFORM.withCommittedFirmware(new FirmwareVersion(1, 54, 255)),
                    p -> p.minimumCommittedFirmware(new FirmwareVersion(1, 55, 0))),
            defect(
                    SnpChecks.FIRMWARE_PROVISIONAL,
                    PLATFORM,
                    PLATFORM.withCurrentTcb(TcbVersion.of(10, 0, 23, 220)),
                    p -> p.refuseProvisionalFirmware()),
            defect(
                    SnpChecks.MITIGATIONS_LAUNCH,
                    V5.withLaunchMitigations(0b111),
                    V5.withLaunchMitigations(0b101),
                    p -> p.requireLaunchMitigations(0b11)),
            defect(
                    SnpChecks.MITIGATIONS_CURRENT,
                    V5.withCurrentMitigations(0b111),
                    V5.withCurrentMitigations(0b101),
                    p -> p.requireCurrentMitigations(0b11)));

    @Test
    void everyCheckIsHere() {
        assertThat(DEFECTS).extracting(Defect::id).containsExactlyElementsOf(SnpChecks.ALL);
        assertThat(SnpChecks.ALL).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> eachCheckFailsAlone() {
        return DEFECTS.stream()
                .map(defect -> dynamicTest(defect.id().name(), () -> {
                    Verdict<SnpReport> good = defect.good().get();
                    Verdict<SnpReport> bad = defect.bad().get();

                    assertThat(good.failures()).isEmpty();
                    assertThat(SnpLab.check(good, defect.id()).outcome()).isEqualTo(Outcome.PASSED);
                    assertThat(failed(bad)).containsExactly(defect.id());
                    for (Verdict<SnpReport> verdict : List.of(good, bad)) {
                        assertThat(verdict.checks())
                                .extracting(CheckResult::id)
                                .containsExactlyElementsOf(SnpChecks.ALL);
                    }
                }));
    }

    @Test
    void aDemandThatIsNotMadeIsNotEvaluatedAndSaysSo() {
        Verdict<SnpReport> verdict = verify(PLATFORM, p -> p);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.checks().stream().filter(c -> c.outcome() == Outcome.NOT_EVALUATED))
                .hasSize(34)
                .allSatisfy(c -> assertThat(c.reason()).isEqualTo(CheckResult.NOT_DEMANDED))
                .allSatisfy(c -> assertThat(c.detail()).contains("the policy makes no such demand"));
    }

    private static Defect defect(
            CheckId id, SoftwareSnpPlatform good, SoftwareSnpPlatform bad, UnaryOperator<SnpPolicy.Builder> demands) {
        return new Defect(id, () -> verify(good, demands), () -> verify(bad, demands));
    }

    /** A bit of the guest policy that loosens. */
    private static Defect policyBit(CheckId id, int bit, UnaryOperator<SnpPolicy.Builder> demands) {
        return defect(id, PLATFORM, PLATFORM.withPolicy(ORDINARY_POLICY | 1L << bit), demands);
    }

    /** A bit of the guest policy that tightens. */
    private static Defect requirement(CheckId id, int bit, GuestPolicy.Requirement requirement) {
        return defect(
                id, PLATFORM.withPolicy(ORDINARY_POLICY | 1L << bit), PLATFORM, p -> p.requireGuestPolicy(requirement));
    }

    private static Defect feature(CheckId id, int bit, PlatformInfo.Feature feature) {
        return defect(
                id,
                PLATFORM.withPlatformInfo(1L << bit),
                PLATFORM.withPlatformInfo(~(1L << bit)),
                p -> p.requirePlatform(feature));
    }

    private static Verdict<SnpReport> verifyAt(Instant instant) {
        return SnpVerifier.builder()
                .trustAnchors(GENOA.trustAnchors())
                .clock(Clock.fixed(instant, ZoneOffset.UTC))
                .build()
                .verify(
                        PLATFORM.report(SnpLab.REPORT_DATA),
                        SnpLab.policy()
                                .withoutRevocation("only validity is looked at")
                                .build());
    }

    private static Bytes revoking() {
        return GENOA.revocationList(FROM, UNTIL, List.of(GENOA.askSerial()));
    }
}
