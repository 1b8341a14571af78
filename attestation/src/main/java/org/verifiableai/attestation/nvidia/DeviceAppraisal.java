package org.verifiableai.attestation.nvidia;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.VerificationKey;

/**
 * The appraisal of one device, which knows nothing of the others. It lives inside one call of a verifier and runs once; not
 * thread-safe.
 */
final class DeviceAppraisal {

    // The leaf is made by the device, and NVIDIA's service knows nothing of it.
    private static final int FIRST_REVOCABLE = 1;

    private final GpuPolicy policy;
    private final GpuDemands demands;
    private final Instant now;
    private final Findings findings = new Findings();
    private final @Nullable GpuReport report;
    private final @Nullable CheckedChain checked;
    private final Map<String, Bytes> manifests = new LinkedHashMap<>();
    private @Nullable MeasurementComparison comparison;

    private DeviceAppraisal(GpuEvidence evidence, DeviceAuthorities authorities, GpuPolicy policy, Instant now) {
        this.policy = policy;
        this.demands = policy.demands();
        this.now = now;
        List<String> defects = new ArrayList<>();
        GpuReport readReport = null;
        CheckedChain readChain = null;
        try {
            readReport = GpuReport.parse(evidence.report());
        } catch (MalformedEvidenceException e) {
            defects.add("report: " + e.getMessage());
        }
        try {
            readChain = authorities.check(evidence.certificates());
        } catch (MalformedEvidenceException e) {
            defects.add(e.getMessage());
        }
        this.report = readReport;
        this.checked = readChain;
        if (readReport == null || readChain == null) {
            findings.fail(GpuChecks.FORMAT, String.join("; ", defects));
        } else {
            findings.pass(
                    GpuChecks.FORMAT,
                    "SPDM 1.1 report of a " + readReport.opaqueData().kind() + " with "
                            + readReport.measurements().size() + " measurements, "
                            + readChain.chain().size() + " certificates"
                            + (readReport.trailingBytes().isEmpty()
                                    ? ""
                                    : "; an unsigned zero byte follows the signature"));
        }
    }

    static DeviceAppraisal run(
            GpuEvidence evidence,
            DeviceAuthorities authorities,
            RimShelf shelf,
            RevocationRule revocation,
            GpuPolicy policy,
            Instant now) {
        DeviceAppraisal appraisal = new DeviceAppraisal(evidence, authorities, policy, now);
        appraisal.chain(revocation);
        appraisal.architecture();
        appraisal.signature();
        appraisal.fwid();
        appraisal.nonce();
        appraisal.ueid();
        appraisal.driver();
        appraisal.vbios();
        appraisal.referenceValues(shelf, revocation);
        return appraisal;
    }

    Findings findings() {
        return findings;
    }

    @Nullable
    GpuReport report() {
        return report;
    }

    @Nullable
    DeviceChain deviceChain() {
        return checked == null ? null : checked.chain();
    }

    Optional<NvidiaTrustAnchor> root() {
        return checked == null ? Optional.empty() : checked.root();
    }

    /** By the report, else by the certificates, and a GPU where neither can be read. */
    DeviceKind kind() {
        if (report != null) {
            return report.opaqueData().kind();
        }
        return checked == null
                ? DeviceKind.GPU
                : checked.chain().architecture().map(GpuArchitecture::kind).orElse(DeviceKind.GPU);
    }

    /** SHA-256 of the manifests that were used: {@code driver}, {@code vbios}. */
    Map<String, Bytes> manifests() {
        return Collections.unmodifiableMap(manifests);
    }

    /** The device as a verified value. Only for an appraisal that nothing failed in. */
    GpuSystem.Device device(String name) {
        DeviceChain chain = Objects.requireNonNull(deviceChain());
        return new GpuSystem.Device(
                name,
                chain.architecture().orElseThrow(),
                chain.ueid(),
                chain.hardwareModel().orElseThrow(),
                Objects.requireNonNull(report),
                chain.identityKey().orElseThrow());
    }

    DeviceResult result(String name) {
        return new DeviceResult(name, kind(), findings.results(), report, deviceChain(), comparison);
    }

    private void chain(RevocationRule revocation) {
        if (checked == null) {
            block(GpuChecks.CHAIN, GpuChecks.VALIDITY);
            if (demands.withoutRevocation != null) {
                findings.waive(GpuChecks.REVOCATION, demands.withoutRevocation);
            } else {
                block(GpuChecks.REVOCATION);
            }
            return;
        }
        DeviceChain chain = checked.chain();
        List<String> defects = new ArrayList<>();
        if (chain.size() != policy.chainLength()) {
            defects.add("chain must have " + policy.chainLength() + " certificates, found " + chain.size());
        }
        defects.addAll(checked.defects());
        findings.check(
                GpuChecks.CHAIN,
                defects.isEmpty(),
                () -> chain.size() + " certificates from " + chain.leafName() + " to root "
                        + root().map(root -> root.certificateSha256().hex()).orElse("none"),
                () -> String.join("; ", defects));
        List<String> invalid = chain.invalidAt(now);
        findings.check(
                GpuChecks.VALIDITY,
                invalid.isEmpty(),
                () -> "every certificate is valid at " + now,
                () -> String.join("; ", invalid));
        if (demands.withoutRevocation == null && !checked.sound()) {
            // Who issued a certificate, and may answer for it, is not known.
            findings.block(GpuChecks.REVOCATION, GpuChecks.CHAIN);
        } else {
            revocation.check(
                    GpuChecks.REVOCATION, RevocationRule.links(chain.certificates(), FIRST_REVOCABLE), findings);
        }
    }

    private void architecture() {
        if (report == null || checked == null) {
            block(GpuChecks.ARCHITECTURE);
            return;
        }
        DeviceKind kind = report.opaqueData().kind();
        Optional<GpuArchitecture> architecture = checked.chain().architecture();
        if (architecture.isEmpty() || !policy.architectures().contains(architecture.get())) {
            findings.fail(
                    GpuChecks.ARCHITECTURE,
                    "device identity must be of " + policy.architectures() + ", found "
                            + checked.chain().hardwareModel().orElse("no identity certificate"));
            return;
        }
        findings.check(
                GpuChecks.ARCHITECTURE,
                architecture.get().kind() == kind,
                () -> architecture.get() + " as the certificate says",
                () -> "report must be that of a " + architecture.get().kind()
                        + " as the certificate says, found that of a " + kind);
    }

    private void signature() {
        if (report == null || checked == null) {
            block(GpuChecks.SIGNATURE);
            return;
        }
        GpuReport signed = report;
        Bytes spki = checked.chain().leafKey();
        Optional<VerificationKey> key = checked.leafKey();
        if (key.isEmpty()) {
            findings.fail(GpuChecks.SIGNATURE, "leaf must have a key on P-384, found " + spki.sha256() + " (SHA-256)");
            return;
        }
        findings.check(
                GpuChecks.SIGNATURE,
                key.get().verify(signed.signedBytes(), signed.signature()),
                () -> "the leaf's key signed " + signed.signedBytes().size() + " bytes",
                () -> "signature must be that of the leaf's key " + spki.sha256() + " (SHA-256) over "
                        + signed.signedBytes().size() + " bytes, found another's");
    }

    private void fwid() {
        if (report == null || checked == null) {
            block(GpuChecks.FWID);
            return;
        }
        Optional<Bytes> stated = report.opaqueData().fwid();
        Optional<Bytes> certified = checked.chain().fwid();
        if (stated.isPresent()) {
            findings.check(
                    GpuChecks.FWID,
                    stated.equals(certified),
                    () -> "both are " + stated.get(),
                    () -> "report must state the certificate's "
                            + certified.map(Bytes::hex).orElse("(none)") + ", found " + stated.get());
        } else if (report.opaqueData().kind() == DeviceKind.SWITCH) {
            findings.notApplicable(GpuChecks.FWID, "a switch states no firmware identifier in its report");
        } else if (policy.fwidWaiver().isPresent()) {
            findings.waive(GpuChecks.FWID, "absent", policy.fwidWaiver().get());
        } else {
            findings.check(
                    GpuChecks.FWID,
                    false,
                    "absent",
                    "report must state the certificate's "
                            + certified.map(Bytes::hex).orElse("(none)") + ", found none");
        }
    }

    private void nonce() {
        Optional<Bytes> expected = policy.expectedNonce();
        if (expected.isEmpty()) {
            findings.waive(GpuChecks.NONCE, policy.freshnessWaiver().orElse(""));
            return;
        }
        if (report == null) {
            block(GpuChecks.NONCE);
            return;
        }
        boolean answers = report.requesterNonce().equals(expected.get());
        Optional<String> sample = policy.sampleNonceReason();
        if (answers && sample.isPresent()) {
            findings.check(
                    GpuChecks.NONCE,
                    true,
                    "sample-nonce",
                    "report answers " + expected.get()
                            + ", the nonce of public samples: it proves no freshness; allowed by policy: "
                            + sample.get());
        } else {
            findings.check(
                    GpuChecks.NONCE,
                    answers,
                    "",
                    answers
                            ? "report answers " + expected.get()
                            : "report must answer nonce " + expected.get() + ", found " + report.requesterNonce());
        }
    }

    private void ueid() {
        if (demands.allowedUeids.isEmpty()) {
            findings.notDemanded(GpuChecks.UEID_ALLOWED);
        } else if (checked == null) {
            block(GpuChecks.UEID_ALLOWED);
        } else {
            String ueid = checked.chain().ueid();
            findings.check(
                    GpuChecks.UEID_ALLOWED,
                    demands.allowedUeids.contains(ueid),
                    () -> "device " + ueid + " is named by the policy",
                    () -> "device must be one of " + demands.allowedUeids.size() + " that the policy names, found "
                            + ueid);
        }
    }

    private void driver() {
        VersionNumber minimum = demands.minimumDriver;
        if (minimum == null) {
            findings.notDemanded(GpuChecks.DRIVER_MINIMUM);
        } else if (report == null) {
            block(GpuChecks.DRIVER_MINIMUM);
        } else if (report.opaqueData().kind() == DeviceKind.SWITCH) {
            findings.notApplicable(GpuChecks.DRIVER_MINIMUM, "a switch has no driver");
        } else {
            String found = report.opaqueData().driverVersion().orElse("none");
            findings.check(
                    GpuChecks.DRIVER_MINIMUM,
                    VersionNumber.ofDriver(found)
                            .filter(version -> version.compareTo(minimum) >= 0)
                            .isPresent(),
                    () -> "driver " + found + " is not below " + minimum,
                    () -> "driver must not be below " + minimum + ", found " + found);
        }
    }

    private void vbios() {
        if (demands.allowedVbios.isEmpty() && demands.minimumVbios.isEmpty()) {
            findings.notDemanded(GpuChecks.VBIOS_ALLOWED);
            return;
        }
        if (report == null || checked == null) {
            block(GpuChecks.VBIOS_ALLOWED);
            return;
        }
        String found = report.opaqueData().vbiosVersion();
        List<String> defects = new ArrayList<>();
        if (!demands.allowedVbios.isEmpty() && !demands.allowedVbios.contains(found)) {
            defects.add("vbios must be one of " + demands.allowedVbios + ", found " + found);
        }
        if (!demands.minimumVbios.isEmpty()) {
            Optional<GpuArchitecture> architecture = checked.chain().architecture();
            Optional<VersionNumber> minimum = architecture.map(demands.minimumVbios::get);
            if (minimum.isEmpty()) {
                defects.add("architecture must be one of " + demands.minimumVbios.keySet()
                        + ", for which the policy has a minimum, found "
                        + architecture.map(Enum::name).orElse("none"));
            } else if (VersionNumber.ofVbios(found)
                    .filter(version -> version.compareTo(minimum.get()) >= 0)
                    .isEmpty()) {
                defects.add("vbios must not be below " + minimum.get() + ", found " + found);
            }
        }
        findings.check(
                GpuChecks.VBIOS_ALLOWED,
                defects.isEmpty(),
                () -> "vbios " + found + " will do",
                () -> defects.stream().collect(Collectors.joining("; ")));
    }

    private void referenceValues(RimShelf shelf, RevocationRule revocation) {
        if (report == null || checked == null) {
            RimRules.block(GpuChecks.FORMAT, report, policy, findings);
            return;
        }
        Optional<GpuArchitecture> architecture = checked.chain().architecture();
        if (architecture.isEmpty()
                || architecture.get().kind() != report.opaqueData().kind()) {
            RimRules.block(GpuChecks.ARCHITECTURE, report, policy, findings);
            return;
        }
        RimRules.Outcome outcome =
                new RimRules(report, architecture.get(), shelf, revocation, policy, now, findings).check();
        comparison = outcome.comparison();
        outcome.manifests().forEach((role, rim) -> manifests.put(role.name().toLowerCase(Locale.ROOT), rim.digest()));
    }

    private void block(CheckId... ids) {
        for (CheckId id : ids) {
            findings.block(id, GpuChecks.FORMAT);
        }
    }
}
