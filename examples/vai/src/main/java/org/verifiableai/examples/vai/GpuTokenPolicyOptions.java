package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.token.NvtrustPolicy;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import picocli.CommandLine.Option;

/** The options that make a policy for a token: those of a file first, and over them those of the command line. */
final class GpuTokenPolicyOptions {

    private static final String NO_NONCE = "no --nonce on the command line";
    private static final String NO_COUNT = "no --gpus and no --switches on the command line";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy as JSON, of this SDK or of NVIDIA's attestation SDK (versions 1.0 to 4.0).")
    @Nullable
    private Path policy;

    @Option(
            names = "--nonce",
            paramLabel = "HEX",
            converter = Converters.Hex.class,
            description = "Demand that every token answers this nonce, 32 bytes. Without it the token may be old.")
    @Nullable
    private Bytes nonce;

    @Option(names = "--gpus", paramLabel = "N", description = "Demand so many GPUs.")
    @Nullable
    private Integer gpus;

    @Option(names = "--switches", paramLabel = "N", description = "Demand so many switches.")
    @Nullable
    private Integer switches;

    @Option(
            names = "--allow-warnings",
            paramLabel = "WHY",
            description = "Let tokens pass that warn, as of a certificate that NVIDIA has put on hold.")
    @Nullable
    private String allowWarnings;

    /**
     * The policy that the options come to; what they leave open is waived, and {@code output} is told.
     *
     * @throws IllegalArgumentException if they come to none, or a file is not a policy
     * @throws EvidenceUnavailableException if a file cannot be read
     */
    TokenPolicy toPolicy(Output output) throws EvidenceUnavailableException {
        TokenPolicy.Builder builder = begin();
        if (nonce != null) {
            builder.expectedNonce(nonce);
        }
        if (gpus != null) {
            builder.gpus(gpus);
        }
        if (allowWarnings != null) {
            builder.allowWarnings(allowWarnings);
        }
        if (switches != null) {
            builder.switches(switches);
        }
        TokenPolicy made =
                builder.orWithoutFreshness(NO_NONCE).orAnyDeviceCount(NO_COUNT).build();
        if (made.freshnessWaiver().equals(Optional.of(NO_NONCE))) {
            output.note("any nonce will do, since there is " + NO_NONCE + ": the token may be old");
        }
        if (made.deviceCountWaiver().equals(Optional.of(NO_COUNT))) {
            output.note("any number of devices will do, since there is " + NO_COUNT);
        }
        return made;
    }

    private TokenPolicy.Builder begin() throws EvidenceUnavailableException {
        if (policy == null) {
            return TokenPolicy.builder();
        }
        String text = PolicyFile.read(policy);
        try {
            return NvtrustPolicy.recognises(Bytes.utf8(text))
                    ? TokenPolicy.builder().nvtrustPolicy(NvtrustPolicy.parse(Bytes.utf8(text)))
                    : TokenPolicy.builderFromJson(text);
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            throw PolicyFile.wrong(policy, e);
        }
    }
}
