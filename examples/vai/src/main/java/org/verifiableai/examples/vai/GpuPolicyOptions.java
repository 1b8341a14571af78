package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import picocli.CommandLine.Option;

/** The options that make a policy for devices: those of a file first, and over them those of the command line. */
final class GpuPolicyOptions {

    private static final String WHY = "WHY";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy as JSON; the options below count over what it says.")
    @Nullable
    private Path policy;

    @Option(
            names = "--nonce",
            paramLabel = "HEX",
            converter = Converters.Hex.class,
            description = "Demand that every report answers this nonce, 32 bytes.")
    @Nullable
    private Bytes nonce;

    @Option(
            names = "--without-freshness",
            paramLabel = WHY,
            description = "Let any nonce pass: the reports may be old.")
    @Nullable
    private String withoutFreshness;

    @Option(
            names = "--rims",
            paramLabel = "MODE",
            converter = Converters.OfRevocation.class,
            description =
                    "How much is made of reference values: require (as it is without a word), if-available or off.")
    @Nullable
    private Revocation rims;

    @Option(
            names = "--revocation",
            paramLabel = "MODE",
            converter = Converters.OfRevocation.class,
            description = "require (as it is without a word), if-available or off.")
    @Nullable
    private Revocation revocation;

    @Option(
            names = "--allow-hold",
            paramLabel = WHY,
            description = "Let certificates pass that NVIDIA has put on hold.")
    @Nullable
    private String allowHold;

    @Option(
            names = "--require-fwid",
            description = "Demand a firmware identifier in each report; without it one that is there must agree.")
    private boolean requireFwid;

    @Option(
            names = "--arch",
            paramLabel = "NAME",
            arity = "1..*",
            description = "Let these architectures pass: ${COMPLETION-CANDIDATES}. Without it, all.")
    private final List<GpuArchitecture> architectures = new ArrayList<>();

    @Option(names = "--gpus", paramLabel = "N", description = "Demand this number of GPUs.")
    @Nullable
    private Integer gpus;

    @Option(names = "--switches", paramLabel = "N", description = "Demand this number of NVSwitches.")
    @Nullable
    private Integer switches;

    @Option(
            names = "--topology",
            description = "Demand that GPUs and switches name each other as those of one protected PCIe system.")
    private boolean topology;

    /**
     * The policy that the options come to.
     *
     * @throws IllegalArgumentException if they come to none, or a file is not a policy
     * @throws EvidenceUnavailableException if a file cannot be read
     */
    GpuPolicy toPolicy(Output output) throws EvidenceUnavailableException {
        if (nonce != null && withoutFreshness != null) {
            throw new IllegalArgumentException("expected either --nonce or --without-freshness, found both");
        }
        GpuPolicy.Builder builder = begin();
        demand(builder, output);
        loosen(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " (say --nonce or --without-freshness)", e);
        }
    }

    private GpuPolicy.Builder begin() throws EvidenceUnavailableException {
        if (policy != null) {
            try {
                return GpuPolicy.builderFromJson(PolicyFile.read(policy));
            } catch (MalformedEvidenceException | IllegalArgumentException e) {
                throw PolicyFile.wrong(policy, e);
            }
        }
        // A person at a terminal shows what there is, switches too. A program says in its policy what it expects.
        GpuPolicy.Builder builder = GpuPolicy.builder();
        builder.architectures(EnumSet.allOf(GpuArchitecture.class));
        if (!requireFwid) {
            builder.withoutFwid("firmware of 2023 and switches state none; --require-fwid demands one");
        }
        return builder;
    }

    private void demand(GpuPolicy.Builder builder, Output output) {
        if (nonce != null) {
            if (GpuPolicy.isSampleNonce(nonce)) {
                output.note("the nonce is that of NVIDIA's samples: whoever has them has a report that answers it");
                builder.expectedSampleNonce(nonce, "--nonce on the command line");
            } else {
                builder.expectedNonce(nonce);
            }
        }
        if (!architectures.isEmpty()) {
            builder.architectures(EnumSet.copyOf(architectures));
        }
        if (gpus != null) {
            builder.gpus(gpus);
        }
        if (switches != null) {
            builder.switches(switches);
        }
        if (topology) {
            builder.requireTopology();
        }
    }

    private void loosen(GpuPolicy.Builder builder) {
        if (withoutFreshness != null) {
            builder.withoutFreshness(withoutFreshness);
        }
        if (allowHold != null) {
            builder.allowHold(allowHold);
        }
        if (rims != null) {
            switch (rims) {
                case REQUIRE -> builder.requireReferenceValues();
                case USE_IF_AVAILABLE ->
                    builder.useReferenceValuesIfAvailable("--rims if-available on the command line");
                case OFF -> builder.withoutReferenceValues("--rims off on the command line");
            }
        }
        if (revocation != null) {
            switch (revocation) {
                case REQUIRE -> builder.requireRevocation();
                case USE_IF_AVAILABLE ->
                    builder.useRevocationIfAvailable("--revocation if-available on the command line");
                case OFF -> builder.withoutRevocation("--revocation off on the command line");
            }
        }
    }
}
