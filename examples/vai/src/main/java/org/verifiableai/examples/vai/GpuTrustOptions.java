package org.verifiableai.examples.vai;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;
import picocli.CommandLine.Option;

/** Whom to believe about GPUs: NVIDIA, unless a root is named in its place. */
final class GpuTrustOptions {

    @Option(
            names = "--trust-gpu-root",
            paramLabel = "FILE",
            description = "Trust the root in this certificate in place of NVIDIA's: for GPUs made of software.")
    @Nullable
    private Path deviceRoot;

    @Option(
            names = "--trust-rim-root",
            paramLabel = "FILE",
            description = "Trust reference values under this root in place of NVIDIA's.")
    @Nullable
    private Path rimRoot;

    /** Whether NVIDIA is believed, whose services know nothing of other devices. */
    boolean isNvidia() {
        return deviceRoot == null && rimRoot == null;
    }

    /** A verifier that believes whom the options name, and judges as of {@code --at}. */
    GpuVerifier gpuVerifier(CommonOptions common, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        GpuVerifier.Builder builder = GpuVerifier.builder().clock(common.clock());
        if (deviceRoot != null) {
            builder.trustAnchors(anchors(deviceRoot, "roots", output));
        }
        if (rimRoot != null) {
            builder.rimTrustAnchors(anchors(rimRoot, "root of reference values", output));
        }
        return builder.build();
    }

    private static NvidiaTrustAnchors anchors(Path file, String what, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        NvidiaTrustAnchors anchors = NvidiaTrustAnchors.ofCertificate(SnpFiles.certificate("root certificate", file));
        output.note("trusting " + file + " in place of NVIDIA's " + what);
        return anchors;
    }
}
