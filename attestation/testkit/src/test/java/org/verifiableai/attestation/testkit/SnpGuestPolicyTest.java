package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.accepted;
import static org.verifiableai.attestation.testkit.SnpLab.alone;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.verify;
import static org.verifiableai.attestation.testkit.SnpLab.waived;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.GuestPolicy;
import org.verifiableai.attestation.snp.PlatformInfo;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;

/** Bits of POLICY and of PLATFORM_INFO, which loosen or tighten. */
class SnpGuestPolicyTest {

    private static final SoftwareSnpPlatform DEBUG = PLATFORM.withPolicy(0xB0000);
    private static final SoftwareSnpPlatform MIGRATION = PLATFORM.withPolicy(0x70000);

    @Test
    void debuggingAndMigrationAreRefusedUnlessTheyAreAllowed() {
        alone(SnpChecks.GUEST_POLICY_DEBUG, DEBUG, p -> p.allowMigrationAgent("planned"));
        alone(SnpChecks.GUEST_POLICY_MIGRATION_AGENT, MIGRATION, p -> p.allowDebug("on a bench"));
        waived(verify(DEBUG, p -> p.allowDebug("on a bench")), SnpChecks.GUEST_POLICY_DEBUG, "on a bench");
        waived(
                verify(MIGRATION, p -> p.allowMigrationAgent("planned")),
                SnpChecks.GUEST_POLICY_MIGRATION_AGENT,
                "planned");
    }

    @Test
    void anAllowanceThatIsNotUsedIsAPass() {
        Verdict<SnpReport> verdict = verify(PLATFORM, p -> p.allowDebug("on a bench"));

        assertThat(check(verdict, SnpChecks.GUEST_POLICY_DEBUG).outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void anAbiIsComparedByMajorFirst() {
        alone(SnpChecks.GUEST_POLICY_ABI, PLATFORM.withPolicy(0x30136), p -> p.minimumAbi(1, 55));
        alone(SnpChecks.GUEST_POLICY_ABI, PLATFORM.withPolicy(0x300FF), p -> p.minimumAbi(1, 0));
        alone(SnpChecks.GUEST_POLICY_ABI, PLATFORM.withPolicy(0x30000), p -> p.minimumAbi(0, 1));
        accepted(PLATFORM.withPolicy(0x30137), p -> p.minimumAbi(1, 55));
        accepted(PLATFORM.withPolicy(0x30200), p -> p.minimumAbi(1, 55));
    }

    @ParameterizedTest
    @EnumSource
    void aRequirementOfTheGuestIsNoDefectWhereNobodyAsks(GuestPolicy.Requirement requirement) {
        GuestPolicy strict = new GuestPolicy(0x3D30000);

        assertThat(strict.requires(requirement)).isTrue();
        accepted(PLATFORM.withPolicy(strict.raw()), p -> p);
        accepted(PLATFORM.withPolicy(strict.raw()), p -> p.requireGuestPolicy(requirement));
    }

    @Test
    void unknownBitsOfTheGuestPolicyAreNamedAndRefusedOnDemand() {
        SoftwareSnpPlatform unknown = PLATFORM.withPolicy(0x8000000004030000L);

        waived(verify(unknown, p -> p), SnpChecks.GUEST_POLICY_UNKNOWN_BITS, "unknown bit 26, bit 63");
        alone(SnpChecks.GUEST_POLICY_UNKNOWN_BITS, unknown, p -> p.refuseUnknownGuestPolicyBits());
        accepted(PLATFORM.withPolicy(0x3D30000), p -> p.refuseUnknownGuestPolicyBits());
    }

    @ParameterizedTest
    @EnumSource
    void aFeatureOfTheMachineIsDemandedOrRefusedOrNeither(PlatformInfo.Feature feature) {
        SoftwareSnpPlatform all = PLATFORM.withPlatformInfo(0xFF);
        SoftwareSnpPlatform none = PLATFORM.withPlatformInfo(0);

        accepted(all, p -> p);
        accepted(none, p -> p);
        accepted(all, p -> p.requirePlatform(feature));
        accepted(none, p -> p.refusePlatform(feature));
        assertThat(SnpLab.failed(verify(none, p -> p.requirePlatform(feature)))).hasSize(1);
        assertThat(SnpLab.failed(verify(all, p -> p.refusePlatform(feature))))
                .isEqualTo(SnpLab.failed(verify(none, p -> p.requirePlatform(feature))));
    }

    @Test
    void ofTwoDemandsForOneFeatureTheLaterCounts() {
        PlatformInfo.Feature smt = PlatformInfo.Feature.SMT_EN;

        accepted(PLATFORM, p -> p.refusePlatform(smt).requirePlatform(smt));
        alone(SnpChecks.PLATFORM_INFO_SMT, PLATFORM, p -> p.requirePlatform(smt).refusePlatform(smt));
    }

    @Test
    void unknownBitsOfTheMachineAreNamedAndRefusedOnDemand() {
        SoftwareSnpPlatform unknown = PLATFORM.withPlatformInfo(0x125);

        waived(verify(unknown, p -> p), SnpChecks.PLATFORM_INFO_UNKNOWN_BITS, "0x125 has unknown bit 8");
        alone(SnpChecks.PLATFORM_INFO_UNKNOWN_BITS, unknown, p -> p.refuseUnknownPlatformBits());
    }
}
