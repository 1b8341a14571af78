package org.verifiableai.examples.vai;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpVerifier;
import picocli.CommandLine.Option;

/** Whom to believe about processors: AMD, unless a root is named in its place. */
final class TrustOptions {

    @Option(
            names = "--trust-ark",
            paramLabel = "FILE",
            description = "Trust the root in this certificate in place of AMD's: for machines made of software.")
    @Nullable
    private Path ark;

    /** Whether AMD is believed, whose authorities the verifier knows. */
    boolean isAmd() {
        return ark == null;
    }

    /** A verifier that believes whom the options name, and judges as of {@code --at}. */
    SnpVerifier snpVerifier(CommonOptions common, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        SnpVerifier.Builder builder = SnpVerifier.builder().clock(common.clock());
        if (ark != null) {
            SnpTrustAnchors anchors = SnpTrustAnchors.ofCertificate(SnpFiles.certificate("root certificate", ark));
            output.note("trusting " + ark + " in place of AMD's roots");
            builder.trustAnchors(anchors);
        }
        return builder.build();
    }
}
