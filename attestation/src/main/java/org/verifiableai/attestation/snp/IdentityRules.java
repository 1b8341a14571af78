package org.verifiableai.attestation.snp;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Appraisal;

/** Which guest it is: what was launched, under whose block, with whose data, and from which VMPL the report comes. */
final class IdentityRules {

    private static final long HOST_REQUESTED = 0xFFFF_FFFFL;

    private final Appraisal appraisal;
    private final Demands demands;
    private final SnpReport report;

    IdentityRules(Appraisal appraisal, Demands demands, SnpReport report) {
        this.appraisal = appraisal;
        this.demands = demands;
        this.report = report;
    }

    void check() {
        checkVmpl();
        checkMeasurement();
        checkReportData();
        Rule.equal(appraisal, SnpChecks.HOST_DATA, report.hostData(), demands.hostData);
        Rule.demanded(
                appraisal,
                SnpChecks.GUEST_SVN,
                demands.minimumGuestSvn != 0,
                report.guestSvn() >= demands.minimumGuestSvn,
                () -> "guest svn " + report.guestSvn(),
                () -> "guest svn is " + report.guestSvn() + ", below " + demands.minimumGuestSvn);
        Rule.equal(appraisal, SnpChecks.FAMILY_ID, report.familyId(), demands.familyId);
        Rule.equal(appraisal, SnpChecks.IMAGE_ID, report.imageId(), demands.imageId);
        Rule.equal(appraisal, SnpChecks.REPORT_ID, report.reportId(), demands.reportId);
        Rule.equal(appraisal, SnpChecks.REPORT_ID_MA, report.reportIdMa(), demands.reportIdMa);
        Rule.demanded(
                appraisal,
                SnpChecks.ID_BLOCK,
                demands.requireIdBlock,
                !report.idKeyDigest().isZero(),
                () -> "id key " + report.idKeyDigest(),
                () -> "expected an id block, found no id key");
        checkIdKey();
        checkAuthorKey();
    }

    private void checkVmpl() {
        appraisal.check(
                SnpChecks.VMPL,
                demands.vmpls.stream().anyMatch(vmpl -> vmpl == report.vmpl()),
                () -> "vmpl " + report.vmpl(),
                () -> "expected one of " + demands.vmpls + ", found "
                        + (report.vmpl() == HOST_REQUESTED ? "a request of the host" : report.vmpl()));
    }

    private void checkReportData() {
        if (demands.withoutFreshness != null) {
            appraisal.waive(SnpChecks.REPORT_DATA, demands.withoutFreshness);
        } else {
            Rule.equal(appraisal, SnpChecks.REPORT_DATA, report.reportData(), demands.reportData);
        }
    }

    private void checkMeasurement() {
        Bytes measurement = report.measurement();
        if (demands.anyMeasurement != null) {
            appraisal.waive(SnpChecks.MEASUREMENT, measurement + "; " + demands.anyMeasurement);
            return;
        }
        appraisal.check(
                SnpChecks.MEASUREMENT,
                expectedMeasurements().anyMatch(expected -> expected.getKey().equals(measurement)),
                () -> expectedMeasurements()
                        .filter(expected -> expected.getKey().equals(measurement))
                        .map(IdentityRules::named)
                        .collect(Collectors.joining(" and ")),
                () -> "expected "
                        + expectedMeasurements().map(IdentityRules::named).collect(Collectors.joining(" or "))
                        + ", found " + measurement);
    }

    /** Measurements, and what the policy calls each. */
    private Stream<Map.Entry<Bytes, String>> expectedMeasurements() {
        return Stream.concat(
                demands.measurements.entrySet().stream(),
                demands.launches.values().stream()
                        .map(launch -> Map.entry(launch.measurement(), "launch " + launch.name())));
    }

    private static String named(Map.Entry<Bytes, String> expected) {
        return expected.getKey() + (expected.getValue().isEmpty() ? "" : ", " + expected.getValue());
    }

    /** ABI, ID block: an author key that is trusted vouches for the ID key, but only where AUTHOR_KEY_EN is set. */
    private void checkIdKey() {
        if (demands.trustedIdKeys.isEmpty() && demands.trustedAuthorKeys.isEmpty()) {
            appraisal.notDemanded(SnpChecks.ID_KEY);
            return;
        }
        boolean byAuthor = report.authorKeyEnabled() && demands.trustedAuthorKeys.contains(report.authorKeyDigest());
        boolean byId = demands.trustedIdKeys.contains(report.idKeyDigest());
        appraisal.check(
                SnpChecks.ID_KEY,
                byAuthor || byId,
                () -> byAuthor ? "author key " + report.authorKeyDigest() : "id key " + report.idKeyDigest(),
                () -> "neither id key " + report.idKeyDigest() + " nor author key " + author() + " is trusted");
    }

    private void checkAuthorKey() {
        Set<Bytes> trusted = demands.trustedAuthorKeys;
        Rule.demanded(
                appraisal,
                SnpChecks.AUTHOR_KEY,
                demands.requireAuthorKey,
                report.authorKeyEnabled() && (trusted.isEmpty() || trusted.contains(report.authorKeyDigest())),
                () -> "author key " + author(),
                () -> "expected " + (trusted.isEmpty() ? "an author key" : "a trusted author key") + ", found "
                        + author());
    }

    private String author() {
        return report.authorKeyEnabled() ? report.authorKeyDigest().hex() : "none (not enabled)";
    }
}
