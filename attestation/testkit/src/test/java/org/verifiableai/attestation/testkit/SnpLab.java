package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

/** What the tests of the SNP verifier share. Authorities are immutable and cost seconds, so each exists once. */
final class SnpLab {

    static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");
    static final Bytes REPORT_DATA = Bytes.fromHex("5a".repeat(64));
    static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 219);
    static final TcbVersion TURIN_TCB = TcbVersion.ofTurin(1, 3, 2, 5, 97);
    static final String CSP = "CN=cloud.example";

    static final SoftwareAmd GENOA = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL);
    static final SoftwareSnpPlatform PLATFORM = GENOA.platform(TCB);
    static final SoftwareSnpPlatform VLEK = GENOA.platformWithVlek(TCB, CSP);
    static final SoftwareAmd TURIN = SoftwareAmd.create(ProductLine.TURIN, FROM, UNTIL);
    static final SoftwareSnpPlatform TURIN_PLATFORM = TURIN.platform(TURIN_TCB);

    private SnpLab() {}

    /** A policy that asks for what the platforms report, and for nothing that can be left out. */
    static SnpPolicy.Builder policy() {
        return SnpPolicy.builder().expectedReportData(REPORT_DATA).measurement(PLATFORM.measurement());
    }

    static SnpVerifier verifier(SoftwareAmd amd) {
        return SnpVerifier.builder()
                .trustAnchors(amd.trustAnchors())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
    }

    static Verdict<SnpReport> verify(SoftwareSnpPlatform platform, UnaryOperator<SnpPolicy.Builder> demands) {
        return verify(GENOA, platform, demands);
    }

    static Verdict<SnpReport> verify(
            SoftwareAmd amd, SoftwareSnpPlatform platform, UnaryOperator<SnpPolicy.Builder> demands) {
        return verifier(amd)
                .verify(platform.report(REPORT_DATA), demands.apply(policy()).build());
    }

    static void accepted(SoftwareSnpPlatform platform, UnaryOperator<SnpPolicy.Builder> demands) {
        assertThat(failed(verify(platform, demands))).isEmpty();
    }

    static void alone(CheckId id, SoftwareSnpPlatform platform, UnaryOperator<SnpPolicy.Builder> demands) {
        assertThat(failed(verify(platform, demands))).containsExactly(id);
    }

    /** Asserts that a check did not run, that this did not prevent an acceptance, and that its detail says why. */
    static void waived(Verdict<?> verdict, CheckId id, String why) {
        assertThat(verdict.failures()).isEmpty();
        assertThat(check(verdict, id).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(check(verdict, id).detail()).contains(why);
    }

    static CheckResult check(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static List<CheckId> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(CheckResult::id).toList();
    }
}
