package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.LAUNCH;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

/**
 * Holds the launch configuration that a statement contains against the report: the processor measured a guest that was
 * launched like this. It does not prove that images with these hashes are what somebody thinks they are.
 */
final class LaunchAppraisal {

    private LaunchAppraisal() {}

    static void check(Provenance provenance, ProvenancePolicy policy, @Nullable SnpReport report, Appraisal appraisal) {
        Optional<GuestLaunch> launch = provenance.launch();
        if (launch.isEmpty()) {
            if (policy.launchRequired()) {
                appraisal.fail(LAUNCH, "launch configuration: expected one, found none");
            } else {
                appraisal.notApplicable(LAUNCH, "the statement holds no launch configuration");
            }
            return;
        }
        if (report == null) {
            appraisal.block(LAUNCH, SnpChecks.FORMAT);
            return;
        }
        try {
            LaunchConfiguration stated = launch.get().configuration();
            boolean equal = appraisal.check(
                    LAUNCH,
                    stated.measurement().equals(report.measurement()),
                    () -> "the measurement follows from " + stated.name(),
                    () -> "measurement of " + stated.name() + ": expected that of the report, " + report.measurement()
                            + ", found " + stated.measurement());
            if (equal) {
                appraisal.fact("manifest.launch", stated.name());
                stated.kernelSha256().ifPresent(kernel -> appraisal.fact("manifest.launch.kernel", kernel));
                stated.initrdSha256().ifPresent(initrd -> appraisal.fact("manifest.launch.initrd", initrd));
                stated.disks().forEach((name, disk) -> appraisal.fact("manifest.launch.disk." + name, disk));
            }
        } catch (MalformedEvidenceException e) {
            appraisal.fail(LAUNCH, String.valueOf(e.getMessage()));
        }
    }
}
