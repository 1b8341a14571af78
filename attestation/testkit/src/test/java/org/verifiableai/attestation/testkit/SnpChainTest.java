package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpTrustAnchors.Role;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

/** What stands above a VEK: pinned authorities, those that come with evidence, their validity and revocation. */
class SnpChainTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
    private static final Bytes REPORT_DATA = Bytes.fromHex("5a".repeat(64));
    private static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 219);
    private static final Bytes GARBAGE = Bytes.fromHex("308203aa02");

    // Authorities are immutable and cost seconds, so the tests share them.
    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL);
    private static final SoftwareAmd NEWER = AMD.withNewSigningKeys();
    private static final SoftwareSnpPlatform VCEK = AMD.platform(TCB);
    private static final SoftwareSnpPlatform VLEK = AMD.platformWithVlek(TCB, "CN=cloud.example");

    @Test
    void aVekAloneIsEnoughWhereItsIssuerIsPinned() {
        for (SoftwareSnpPlatform platform : List.of(VCEK, VLEK)) {
            Verdict<SnpReport> verdict = verify(AMD.allTrustAnchors(), platform.withAuthorities(List.of()));

            assertThat(verdict.failures()).isEmpty();
            assertThat(check(verdict, SnpChecks.CHAIN).detail())
                    .contains("under the pinned SEV-")
                    .endsWith("under the pinned ARK-Genoa");
            assertThat(check(verdict, SnpChecks.VALIDITY).detail()).startsWith("3 certificates");
        }
    }

    @Test
    void aVekWithoutAPinnedIssuerFailsTheChainAlone() {
        assertThat(failed(verify(AMD.trustAnchors(), VCEK.withAuthorities(List.of()))))
                .containsExactly(SnpChecks.CHAIN);
        // The pinned ASK did not sign what hangs under a newer one.
        assertThat(failed(verify(AMD.allTrustAnchors(), NEWER.platform(TCB).withAuthorities(List.of()))))
                .containsExactly(SnpChecks.CHAIN);
    }

    @Test
    void aNewerIssuerIsUsedIfTheRootSignedIt() {
        Verdict<SnpReport> verdict = verify(AMD.allTrustAnchors(), NEWER.platform(TCB));

        assertThat(verdict.failures()).isEmpty();
        assertThat(check(verdict, SnpChecks.CHAIN).detail()).doesNotContain("pinned SEV-");
    }

    @Test
    void anIssuerThatTheRootDidNotSignIsNotReplacedByThePinnedOne() {
        Bytes stranger = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL).ask();

        assertThat(failed(verify(AMD.allTrustAnchors(), VCEK.withAuthorities(List.of(stranger)))))
                .containsExactly(SnpChecks.CHAIN);
        assertThat(failed(verify(AMD.allTrustAnchors(), VCEK.withAuthorities(List.of(AMD.asvk())))))
                .containsExactly(SnpChecks.CHAIN);
        assertThat(failed(verify(AMD.allTrustAnchors(), VLEK.withAuthorities(List.of(AMD.ask())))))
                .containsExactly(SnpChecks.CHAIN);
    }

    @Test
    void unreadableAuthoritiesAreLeftOutAndNamedWhereThePinnedOnesSuffice() {
        Verdict<SnpReport> verdict = verify(
                AMD.allTrustAnchors(),
                VCEK.withAuthorities(List.of(GARBAGE, AMD.ask().slice(0, 900), AMD.ark())));

        assertThat(verdict.failures()).isEmpty();
        assertThat(check(verdict, SnpChecks.CHAIN).detail())
                .contains("under the pinned SEV-Genoa under the pinned ARK-Genoa; left out as unreadable: certificate")
                .isNotEmpty();
    }

    @Test
    void aChainThatOnlyAnUnreadableAuthorityCouldCloseFailsAlone() {
        Verdict<SnpReport> verdict = verify(AMD.trustAnchors(), VCEK.withAuthorities(List.of(GARBAGE, AMD.ark())));

        assertThat(failed(verdict)).containsExactly(SnpChecks.CHAIN);
        assertThat(check(verdict, SnpChecks.CHAIN).detail()).contains("expected the ASK, found none; left out");
    }

    @Test
    void anExpiredIssuerFailsValidityAloneWhetherItsCertificateCameOrNot() {
        SoftwareAmd expired = AMD.withSigningKeysValid(FROM, NOW.minusSeconds(1));
        for (SoftwareSnpPlatform platform :
                List.of(expired.platform(TCB), expired.platformWithVlek(TCB, "CN=cloud.example"))) {
            assertThat(failed(verify(AMD.trustAnchors(), platform))).containsExactly(SnpChecks.VALIDITY);
            Verdict<SnpReport> pinned = verify(expired.allTrustAnchors(), platform.withAuthorities(List.of()));
            assertThat(failed(pinned)).containsExactly(SnpChecks.VALIDITY);
            assertThat(check(pinned, SnpChecks.VALIDITY).detail())
                    .contains("SEV-")
                    .doesNotContain("ARK-");
        }
    }

    @Test
    void anExpiredRootFailsValidityAloneWhetherItsCertificateCameOrNot() {
        SoftwareAmd expired = AMD.withRootValid(FROM, NOW.minusSeconds(1));
        SoftwareSnpPlatform platform = expired.platform(TCB);

        for (List<Bytes> authorities : List.of(List.of(AMD.ask(), expired.ark()), List.of(AMD.ask()))) {
            Verdict<SnpReport> verdict = verify(expired.trustAnchors(), platform.withAuthorities(authorities));
            assertThat(failed(verdict)).containsExactly(SnpChecks.VALIDITY);
            assertThat(check(verdict, SnpChecks.VALIDITY).detail()).contains("ARK-Genoa is valid from");
        }
        // A certificate of the pinned key that is valid longer speaks for itself.
        assertThat(failed(verify(expired.trustAnchors(), platform.withAuthorities(List.of(AMD.ask(), AMD.ark())))))
                .isEmpty();
    }

    @Test
    void revocationTellsItsOutcomesApart() {
        assertThat(revocation(VCEK, list(FROM, UNTIL))).isEqualTo(RevocationStatus.GOOD);
        assertThat(revocation(VCEK, list(FROM, UNTIL, AMD.askSerial()))).isEqualTo(RevocationStatus.REVOKED);
        assertThat(revocation(VCEK, list(FROM, UNTIL, AMD.arkSerial()))).isEqualTo(RevocationStatus.REVOKED);
        assertThat(revocation(VCEK, list(FROM, UNTIL, AMD.asvkSerial()))).isEqualTo(RevocationStatus.GOOD);
        assertThat(revocation(VLEK, list(FROM, UNTIL, AMD.asvkSerial()))).isEqualTo(RevocationStatus.REVOKED);
        assertThat(revocation(VLEK, list(FROM, UNTIL, AMD.askSerial()))).isEqualTo(RevocationStatus.GOOD);
        assertThat(revocation(VCEK, list(FROM, NOW))).isEqualTo(RevocationStatus.STALE);
        assertThat(revocation(VCEK, list(NOW.plusSeconds(1), UNTIL))).isEqualTo(RevocationStatus.STALE);
        assertThat(revocation(VCEK)).isEqualTo(RevocationStatus.UNAVAILABLE);
        assertThat(revocation(VCEK, AMD.forgedRevocationList(FROM, UNTIL, List.of())))
                .isEqualTo(RevocationStatus.BAD_SIGNATURE);
    }

    @Test
    void aListOfAnotherLineIsNoAnswer() {
        Bytes milan = SoftwareAmd.create(ProductLine.MILAN, FROM, UNTIL)
                .revocationList(FROM, UNTIL, List.of(AMD.askSerial()));

        assertThat(revocation(VCEK, milan)).isEqualTo(RevocationStatus.UNAVAILABLE);
        assertThat(revocation(VCEK, milan, list(FROM, UNTIL))).isEqualTo(RevocationStatus.GOOD);
    }

    @Test
    void noListHidesWhatAnotherRevokes() {
        Bytes silent = list(FROM, UNTIL);
        Bytes revoking = list(FROM.plusSeconds(1), UNTIL, AMD.askSerial());
        Bytes old = list(FROM, NOW, AMD.askSerial());

        for (List<Bytes> lists :
                List.of(List.of(silent, revoking), List.of(revoking, silent), List.of(silent, old), List.of(old))) {
            assertThat(revocation(VCEK, lists.toArray(Bytes[]::new))).isEqualTo(RevocationStatus.REVOKED);
        }
        // What is to be revoked tomorrow is not yet.
        assertThat(revocation(VCEK, silent, list(NOW.plusSeconds(1), UNTIL, AMD.askSerial())))
                .isEqualTo(RevocationStatus.GOOD);
        // Whoever is not the root revokes nothing.
        assertThat(revocation(VCEK, silent, AMD.forgedRevocationList(FROM, UNTIL, List.of(AMD.askSerial()))))
                .isEqualTo(RevocationStatus.GOOD);
    }

    @Test
    void aPinnedIssuerIsRevokedByTheSerialNumberThatIsPinned() {
        SoftwareSnpPlatform bare =
                VCEK.withAuthorities(List.of()).withRevocationLists(List.of(list(FROM, UNTIL, AMD.askSerial())));

        assertThat(failed(verify(AMD.allTrustAnchors(), bare))).containsExactly(SnpChecks.REVOCATION);
    }

    @Test
    void whatIsOnlyUsedIfAvailableFailsWhenItIsThereAndNotWhenItIsMissing() {
        SnpPolicy policy = policy().useRevocationIfAvailable("no network").build();
        SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, 10);

        Verdict<SnpReport> missing =
                verifier.verify(VCEK.withRevocationLists(List.of()).report(REPORT_DATA), policy);
        assertThat(missing.failures()).isEmpty();
        assertThat(check(missing, SnpChecks.REVOCATION))
                .satisfies(c -> assertThat(c.outcome()).isEqualTo(Outcome.NOT_EVALUATED))
                .satisfies(c -> assertThat(c.detail()).contains("no network"))
                .satisfies(c -> assertThat(RevocationStatus.of(c)).contains(RevocationStatus.UNAVAILABLE));
        for (Bytes list : List.of(
                list(FROM, NOW),
                list(FROM, UNTIL, AMD.askSerial()),
                AMD.forgedRevocationList(FROM, UNTIL, List.of()))) {
            assertThat(failed(verifier.verify(
                            VCEK.withRevocationLists(List.of(list)).report(REPORT_DATA), policy)))
                    .containsExactly(SnpChecks.REVOCATION);
        }
    }

    @Test
    void theOutcomeOfRevocationIsInTheJson() {
        assertThat(verify(AMD.trustAnchors(), VCEK.withRevocationLists(List.of()))
                        .toJson())
                .contains("\"id\":\"snp.revocation\",\"outcome\":\"FAILED\",\"reason\":\"unavailable\",\"detail\":");
    }

    @Test
    void aKeptChainIsStillJudgedByItsDatesAndLists() {
        MovableClock clock = new MovableClock();
        SnpVerifier verifier = SnpVerifier.builder()
                .trustAnchors(AMD.allTrustAnchors())
                .clock(clock)
                .build();
        SnpPolicy policy = policy().build();
        for (List<Bytes> authorities : List.of(List.of(AMD.ask(), AMD.ark()), List.<Bytes>of())) {
            SoftwareSnpPlatform platform = VCEK.withAuthorities(authorities);
            clock.now = NOW;
            for (int round = 0; round < 2; round++) {
                assertThat(verifier.verify(platform.report(REPORT_DATA), policy).failures())
                        .isEmpty();
            }
            assertThat(failed(verifier.verify(
                            platform.withRevocationLists(List.of(list(FROM, UNTIL, AMD.askSerial())))
                                    .report(REPORT_DATA),
                            policy)))
                    .containsExactly(SnpChecks.REVOCATION);
            clock.now = UNTIL.plusSeconds(1);
            assertThat(failed(verifier.verify(platform.report(REPORT_DATA), policy)))
                    .containsExactly(SnpChecks.VALIDITY, SnpChecks.REVOCATION);
        }
    }

    @Test
    void aKeptChainIsNotTakenForOneThatDiffersInAnyByte() {
        SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, 10);
        SnpPolicy policy = policy().build();
        SnpEvidence good = VCEK.report(REPORT_DATA);
        assertThat(verifier.verify(good, policy).failures()).isEmpty();

        for (Bytes part :
                List.of(good.vek(), AMD.ask(), AMD.ark(), good.revocationLists().get(0))) {
            for (int at = 40; at < part.size(); at += 97) {
                Bytes damaged = flipped(part, at);
                SnpEvidence evidence = new SnpEvidence(
                        good.report(),
                        part.equals(good.vek()) ? damaged : good.vek(),
                        good.authorities().stream()
                                .map(a -> a.equals(part) ? damaged : a)
                                .toList(),
                        good.revocationLists().stream()
                                .map(a -> a.equals(part) ? damaged : a)
                                .toList());
                Verdict<SnpReport> verdict = verifier.verify(evidence, policy);
                boolean leftOut = part.equals(AMD.ark())
                        && check(verdict, SnpChecks.CHAIN).detail().contains("; left out as unreadable: ");
                assertThat(verdict.accepted() && !leftOut)
                        .as("byte " + at + " of " + part)
                        .isFalse();
            }
            assertThat(verifier.verify(good, policy).failures()).isEmpty();
        }
    }

    @Test
    void theReportOfAnotherKeyFailsUnderAKeptChain() {
        SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, 10);
        SnpPolicy policy = policy().build();
        SoftwareSnpPlatform other = AMD.platform(TCB);
        for (int round = 0; round < 2; round++) {
            assertThat(failed(verifier.verify(VCEK.report(REPORT_DATA), policy)))
                    .isEmpty();
            assertThat(failed(verifier.verify(VCEK.withKeyOf(other).report(REPORT_DATA), policy)))
                    .containsExactly(SnpChecks.SIGNATURE);
        }
    }

    @Test
    void verdictsDoNotDependOnWhatIsKept() {
        SoftwareSnpPlatform second = AMD.platform(TCB);
        SnpPolicy policy = policy().build();
        for (int size : new int[] {0, 1, 100}) {
            SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, size);
            for (int round = 0; round < 3; round++) {
                for (SoftwareSnpPlatform platform : List.of(
                        VCEK, second, VCEK.withCertificateOf(second), VCEK.withAuthorities(List.of(AMD.asvk())))) {
                    SnpEvidence evidence = platform.report(REPORT_DATA);
                    assertThat(verifier.verify(evidence, policy).toJson())
                            .isEqualTo(verifier(AMD.trustAnchors(), NOW, 0)
                                    .verify(evidence, policy)
                                    .toJson());
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpVerifier.builder().cacheSize(-1))
                .withMessageContaining("-1");
    }

    @Test
    void threadsShareAVerifierWhileChainsComeAndGo() {
        SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, 2);
        SnpPolicy policy = policy().build();
        List<SoftwareSnpPlatform> platforms = List.of(VCEK, AMD.platform(TCB), AMD.platform(TCB), AMD.platform(TCB));
        List<SnpEvidence> good =
                platforms.stream().map(p -> p.report(REPORT_DATA)).toList();
        List<SnpEvidence> forged = platforms.stream()
                .map(p -> p.withKeyOf(VLEK).report(REPORT_DATA))
                .toList();

        assertThat(IntStream.range(0, 400)
                        .parallel()
                        .mapToObj(i -> verifier.verify((i % 3 == 0 ? forged : good).get(i % 4), policy)
                                        .accepted()
                                == (i % 3 != 0)))
                .containsOnly(true);
    }

    @Test
    void theLineOfTheReportDecidesAlsoOverAKeptChain() {
        SnpVerifier verifier = verifier(AMD.trustAnchors(), NOW, 10);
        SoftwareSnpPlatform milan = VCEK.with(0x188, Bytes.fromHex("190101"));
        SnpPolicy policy = policy().build();

        assertThat(verifier.verify(VCEK.report(REPORT_DATA), policy).accepted()).isTrue();
        assertThat(failed(verifier.verify(milan.report(REPORT_DATA), policy)))
                .contains(SnpChecks.PRODUCT, SnpChecks.CHAIN);
    }

    @Test
    void anchorsAreOneALineAndRoleAndNoneWithoutARoot() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpTrustAnchors.ofCertificates(List.of(AMD.ark(), AMD.ask(), NEWER.ask())))
                .withMessageContaining("SEV-Genoa");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpTrustAnchors.ofCertificates(List.of(AMD.asvk())))
                .withMessageContaining("ARK-Genoa");
        assertThat(AMD.allTrustAnchors().anchor(ProductLine.GENOA, Role.ASVK))
                .hasValueSatisfying(a -> assertThat(a.serialNumber()).isEqualTo(AMD.asvkSerial()));
        assertThat(AMD.allTrustAnchors().anchor(ProductLine.MILAN, Role.ARK)).isEmpty();
    }

    private static Bytes flipped(Bytes bytes, int at) {
        byte[] copy = bytes.toByteArray();
        copy[at] ^= 1;
        return Bytes.of(copy);
    }

    private static RevocationStatus revocation(SoftwareSnpPlatform platform, Bytes... lists) {
        Verdict<SnpReport> verdict = verify(AMD.trustAnchors(), platform.withRevocationLists(List.of(lists)));
        RevocationStatus status =
                RevocationStatus.of(check(verdict, SnpChecks.REVOCATION)).orElseThrow();
        assertThat(failed(verdict))
                .isEqualTo(status == RevocationStatus.GOOD ? List.of() : List.of(SnpChecks.REVOCATION));
        return status;
    }

    private static Bytes list(Instant thisUpdate, Instant nextUpdate, BigInteger... revoked) {
        return AMD.revocationList(thisUpdate, nextUpdate, List.of(revoked));
    }

    private static Verdict<SnpReport> verify(SnpTrustAnchors anchors, SoftwareSnpPlatform platform) {
        return verifier(anchors, NOW, 10).verify(platform.report(REPORT_DATA), policy().build());
    }

    private static SnpPolicy.Builder policy() {
        return SnpPolicy.builder()
                .expectedReportData(REPORT_DATA)
                .measurement(VCEK.measurement())
                .allowVlek("tests of both");
    }

    private static SnpVerifier verifier(SnpTrustAnchors anchors, Instant at, int cacheSize) {
        return SnpVerifier.builder()
                .trustAnchors(anchors)
                .clock(Clock.fixed(at, ZoneOffset.UTC))
                .cacheSize(cacheSize)
                .build();
    }

    private static CheckResult check(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<CheckId> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(CheckResult::id).toList();
    }

    private static final class MovableClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
