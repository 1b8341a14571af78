package org.verifiableai.attestation.nvidia;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.x509.OcspLink;

/**
 * The checks of one device that have to do with reference values: its manifests, and its measurements beside them.
 *
 * <p>Measurements are compared as soon as NVIDIA's signature on the manifests is known, whether or not its certificates
 * are in force: that a manifest is out of date and that a measurement is not its are two findings. They are never compared
 * with values that nobody vouches for.
 */
final class RimRules {

    private static final String UNAVAILABLE = "unavailable";

    private final GpuReport report;
    private final GpuArchitecture architecture;
    private final RimShelf shelf;
    private final RevocationRule revocation;
    private final GpuPolicy policy;
    private final Instant now;
    private final Findings findings;

    RimRules(
            GpuReport report,
            GpuArchitecture architecture,
            RimShelf shelf,
            RevocationRule revocation,
            GpuPolicy policy,
            Instant now,
            Findings findings) {
        this.report = report;
        this.architecture = architecture;
        this.shelf = shelf;
        this.revocation = revocation;
        this.policy = policy;
        this.now = now;
        this.findings = findings;
    }

    /** Blocks every check of reference values that the policy asks for and the device has. */
    static void block(CheckId blocker, @Nullable GpuReport report, GpuPolicy policy, Findings findings) {
        boolean gpu = report == null || report.opaqueData().kind() == DeviceKind.GPU;
        if (policy.referenceValues() == ReferenceValues.OFF) {
            waiveAll(gpu, policy, findings);
            return;
        }
        for (RimRole role : RimRole.values()) {
            if (role == RimRole.DRIVER && !gpu) {
                noDriver(findings);
            } else {
                role.checks().forEach(id -> findings.block(id, blocker));
            }
        }
        findings.block(GpuChecks.MEASUREMENTS, blocker);
    }

    /** What came of it: the comparison, null if there was none, and the manifests that were taken, trusted or not. */
    record Outcome(@Nullable MeasurementComparison comparison, Map<RimRole, CheckedRim> manifests) {}

    Outcome check() {
        boolean gpu = architecture.kind() == DeviceKind.GPU;
        if (policy.referenceValues() == ReferenceValues.OFF) {
            waiveAll(gpu, policy, findings);
            return new Outcome(null, Map.of());
        }
        Optional<CheckedRim> vbios = best(RimRole.VBIOS, Optional.empty());
        Optional<CheckedRim> driver = gpu ? best(RimRole.DRIVER, vbios) : Optional.empty();
        if (gpu) {
            checkRim(RimRole.DRIVER, driver);
        } else {
            noDriver(findings);
        }
        checkRim(RimRole.VBIOS, vbios);
        Map<RimRole, CheckedRim> manifests = new EnumMap<>(RimRole.class);
        driver.ifPresent(rim -> manifests.put(RimRole.DRIVER, rim));
        vbios.ifPresent(rim -> manifests.put(RimRole.VBIOS, rim));
        return new Outcome(compare(gpu, driver, vbios).orElse(null), manifests);
    }

    private static void waiveAll(boolean gpu, GpuPolicy policy, Findings findings) {
        String reason = policy.referenceValuesReason().orElse("");
        for (RimRole role : RimRole.values()) {
            if (role == RimRole.DRIVER && !gpu) {
                noDriver(findings);
            } else {
                role.checks().forEach(id -> findings.waive(id, reason));
            }
        }
        findings.waive(GpuChecks.MEASUREMENTS, reason);
    }

    private static void noDriver(Findings findings) {
        RimRole.DRIVER.checks().forEach(id -> findings.notApplicable(id, "a switch has no driver"));
    }

    /**
     * NVIDIA signs a manifest again before its certificate expires, so that there may be several of one version. The one
     * that fares best counts: each of those that pass is NVIDIA's word.
     */
    private Optional<CheckedRim> best(RimRole role, Optional<CheckedRim> vbios) {
        List<CheckedRim> candidates = shelf.candidates(role, report, architecture);
        if (candidates.size() < 2) {
            return candidates.stream().findFirst();
        }
        return candidates.stream()
                .max(Comparator.<CheckedRim, Boolean>comparing(CheckedRim::sound)
                        .thenComparing(rim -> rim.invalidAt(now).isEmpty())
                        .thenComparing(rim -> rim.chainDefects().isEmpty() && revocation.bearable(links(rim)))
                        .thenComparing(rim -> -differences(role, rim, vbios)));
    }

    /** At how many indices the report differs from a manifest, or the two manifests from each other. */
    private int differences(RimRole role, CheckedRim rim, Optional<CheckedRim> vbios) {
        if (!rim.sound()) {
            return Integer.MAX_VALUE;
        }
        MeasurementComparison comparison = role == RimRole.VBIOS
                ? MeasurementComparison.of(report, Optional.empty(), rim.rim())
                : MeasurementComparison.of(
                        report,
                        Optional.of(rim.rim()),
                        vbios.filter(CheckedRim::sound).map(CheckedRim::rim));
        return comparison.mismatches().size() + comparison.conflicts().size();
    }

    private void checkRim(RimRole role, Optional<CheckedRim> chosen) {
        if (chosen.isEmpty()) {
            missing(role);
            return;
        }
        CheckedRim rim = chosen.get();
        String name = name(role);
        findings.pass(role.present(), name + ", version " + rim.rim().version() + ", SHA-256 " + rim.digest());
        findings.check(
                role.signature(),
                rim.signatureDefects().isEmpty(),
                () -> name + " is signed by the key of " + signer(rim),
                () -> name + ": " + String.join("; ", rim.signatureDefects()));
        findings.check(
                role.chain(),
                rim.chainDefects().isEmpty(),
                () -> rim.certificates().size() + " certificates from " + signer(rim) + " to root "
                        + rim.root().map(root -> root.certificateSha256().hex()).orElse("none"),
                () -> name + ": " + String.join("; ", rim.chainDefects()));
        if (rim.certificates().isEmpty()) {
            findings.block(role.validity(), role.chain());
        } else {
            List<String> invalid = rim.invalidAt(now);
            findings.check(
                    role.validity(),
                    invalid.isEmpty(),
                    () -> "every certificate is valid at " + now,
                    () -> name + ": " + String.join("; ", invalid));
        }
        if (rim.chainDefects().isEmpty()) {
            revocation.check(role.revocation(), links(rim), findings);
        } else {
            findings.block(role.revocation(), role.chain());
        }
    }

    private void missing(RimRole role) {
        String expected = "a manifest " + name(role) + " is needed, found " + shelf.inventory();
        if (policy.referenceValues() == ReferenceValues.USE_IF_AVAILABLE) {
            String reason = policy.referenceValuesReason().orElse("") + "; " + expected;
            findings.waive(role.present(), UNAVAILABLE, reason);
            role.checks().stream().skip(1).forEach(id -> findings.waive(id, UNAVAILABLE, reason));
        } else {
            findings.check(role.present(), false, UNAVAILABLE, expected);
            role.checks().stream().skip(1).forEach(id -> findings.block(id, role.present()));
        }
    }

    private Optional<MeasurementComparison> compare(
            boolean gpu, Optional<CheckedRim> driver, Optional<CheckedRim> vbios) {
        Optional<CheckId> blocker = (gpu ? List.of(RimRole.values()) : List.of(RimRole.VBIOS))
                .stream()
                        .flatMap(role -> List.of(role.present(), role.signature(), role.chain()).stream())
                        .filter(id -> findings.of(id).kind() == Findings.Kind.FAILED)
                        .findFirst();
        if (blocker.isPresent()) {
            findings.block(GpuChecks.MEASUREMENTS, blocker.get());
            return Optional.empty();
        }
        if (driver.isEmpty() && vbios.isEmpty()) {
            findings.waive(
                    GpuChecks.MEASUREMENTS,
                    UNAVAILABLE,
                    policy.referenceValuesReason().orElse("") + "; there is no manifest to compare with");
            return Optional.empty();
        }
        MeasurementComparison comparison =
                MeasurementComparison.of(report, driver.map(CheckedRim::rim), vbios.map(CheckedRim::rim));
        Optional<String> missing = vbios.isEmpty()
                ? Optional.of("the firmware image")
                : gpu && driver.isEmpty() ? Optional.of("the driver") : Optional.empty();
        // Part of the values cannot pass for all of them, and can fail for them.
        if (missing.isPresent() && comparison.success()) {
            findings.waive(
                    GpuChecks.MEASUREMENTS,
                    UNAVAILABLE,
                    policy.referenceValuesReason().orElse("") + "; " + matches(comparison)
                            + ", and there is no manifest of " + missing.get() + " to compare with");
        } else {
            findings.check(
                    GpuChecks.MEASUREMENTS,
                    comparison.success(),
                    () -> matches(comparison),
                    () -> differences(comparison, driver.isPresent(), vbios.isPresent()));
        }
        return Optional.of(comparison);
    }

    private static String matches(MeasurementComparison comparison) {
        return comparison.matched().size() + " measurements are reference values"
                + (comparison.skipped().isEmpty()
                        ? ""
                        : ", index " + words(comparison.skipped()) + " left out since video decoder 0 is off")
                + (comparison.decoderStatusMissing()
                        ? "; the report does not say whether video decoder 0 is on, and index 35 was compared"
                        : "");
    }

    private String differences(MeasurementComparison comparison, boolean withDriver, boolean withVbios) {
        StringBuilder text = new StringBuilder();
        if (!comparison.conflicts().isEmpty()) {
            text.append("manifests must not both have values for an index, found ")
                    .append(words(comparison.conflicts()))
                    .append("; ");
        }
        if (comparison.mismatches().isEmpty()) {
            return text.append(comparison.matched().size())
                    .append(" measurements are reference values")
                    .toString();
        }
        SortedSet<Integer> indices = comparison.mismatches().stream()
                .map(MeasurementComparison.Mismatch::index)
                .collect(Collectors.toCollection(TreeSet::new));
        text.append(indices.size())
                .append(indices.size() == 1 ? " measurement is" : " measurements are")
                .append(" no reference value of ")
                .append(withDriver ? name(RimRole.DRIVER) : "")
                .append(withDriver && withVbios ? " and " : "")
                .append(withVbios ? name(RimRole.VBIOS) : "")
                .append(": index ")
                .append(words(indices));
        return text.toString();
    }

    private String name(RimRole role) {
        return role.id(report, architecture)
                .map(RimId::text)
                .orElse("for a " + role + " that the report does not name");
    }

    private static String signer(CheckedRim rim) {
        return rim.certificates().isEmpty()
                ? "its signer"
                : rim.certificates().get(0).subject().commonName().orElse("a certificate without common name");
    }

    private static List<OcspLink> links(CheckedRim rim) {
        return RevocationRule.links(rim.certificates(), 0);
    }

    private static String words(SortedSet<Integer> indices) {
        return indices.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
