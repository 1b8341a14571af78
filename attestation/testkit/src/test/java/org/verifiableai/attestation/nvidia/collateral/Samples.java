package org.verifiableai.attestation.nvidia.collateral;

import java.time.Instant;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.RimId;
import org.verifiableai.attestation.testkit.FakeNvidia;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

/** What tests of collateral share. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();
    static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);
    static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    static final Bytes RIM = AUTHORITY.driver(GPU).xml();
    static final RimId ID = new RimId("NV_GPU_DRIVER_GH100_550.90.07");
    static final Bytes HTML = Bytes.utf8("<html><body>We will be back soon</body></html>");
    static final String KEY = "nvapi-0a1B2c3D";

    private Samples() {}

    /** The true answer of the RIM service about a manifest under {@link #ID}. */
    static Bytes rimAnswer(Bytes xml) {
        return FakeNvidia.rimAnswer(ID.text(), xml, xml.sha256().hex());
    }

    /** Settings for a service that is a script, in time that is not real. */
    static ServiceSettings.Builder scripted(Script script, FakeTime time) {
        return ServiceSettings.builder().transport(script).time(time).clock(time);
    }

    /** A call that has to fail. */
    @FunctionalInterface
    interface Call {
        Object run() throws Exception;
    }

    static EvidenceUnavailableException failure(Call call) {
        try {
            Object found = call.run();
            throw new AssertionError("expected a failure, found " + found);
        } catch (EvidenceUnavailableException e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
