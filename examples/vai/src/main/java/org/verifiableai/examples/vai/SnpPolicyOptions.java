package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import picocli.CommandLine.Option;

/** The options that make a policy for a report: those of a file first, and over them those of the command line. */
final class SnpPolicyOptions {

    private static final String WHY = "WHY";
    private static final String HEX = "HEX";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy as JSON; the options below count over what it says.")
    @Nullable
    private Path policy;

    @Option(
            names = "--report-data",
            paramLabel = HEX,
            converter = Converters.Hex.class,
            description = "Demand this REPORT_DATA, 64 bytes.")
    @Nullable
    private Bytes reportData;

    @Option(
            names = "--without-freshness",
            paramLabel = WHY,
            description = "Let any REPORT_DATA pass: the report may be old.")
    @Nullable
    private String withoutFreshness;

    @Option(
            names = "--measurement",
            paramLabel = HEX,
            arity = "1..*",
            converter = Converters.Hex.class,
            description = "Demand one of these launch measurements, 48 bytes each.")
    private final List<Bytes> measurements = new ArrayList<>();

    @Option(
            names = "--launch",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Demand one of these launches, as vai measure --out-config wrote them, or a measurement.")
    private final List<Path> launches = new ArrayList<>();

    @Option(
            names = "--any-measurement",
            paramLabel = WHY,
            description = "Let any measurement pass: nothing is known of the software.")
    @Nullable
    private String anyMeasurement;

    @Option(
            names = "--host-data",
            paramLabel = HEX,
            converter = Converters.Hex.class,
            description = "Demand this HOST_DATA, 32 bytes.")
    @Nullable
    private Bytes hostData;

    @Option(
            names = "--product",
            paramLabel = "NAME",
            converter = Converters.Product.class,
            description = "Demand a processor of milan, genoa or turin.")
    @Nullable
    private ProductLine product;

    @Option(
            names = "--vmpl",
            paramLabel = "N",
            arity = "1..*",
            description = "Let these VMPLs pass, 0 to 3; without it, 0 alone.")
    private final List<Integer> vmpls = new ArrayList<>();

    @Option(
            names = "--min-tcb",
            paramLabel = "TCB",
            converter = Converters.Tcb.class,
            description = "Demand at least this reported TCB, such as bl=3,tee=0,snp=8,ucode=115, with fmc= on Turin.")
    @Nullable
    private TcbVersion minimumTcb;

    @Option(names = "--allow-debug", paramLabel = WHY, description = "Let a guest pass that its host may debug.")
    @Nullable
    private String allowDebug;

    @Option(
            names = "--allow-migration-agent",
            paramLabel = WHY,
            description = "Let a guest pass that a migration agent may move.")
    @Nullable
    private String allowMigrationAgent;

    @Option(names = "--allow-vlek", paramLabel = WHY, description = "Let a VLEK sign, which names no chip.")
    @Nullable
    private String allowVlek;

    @Option(
            names = "--revocation",
            paramLabel = "MODE",
            converter = Converters.OfRevocation.class,
            description = "require (as it is without a word), if-available or off.")
    @Nullable
    private Revocation revocation;

    /**
     * The policy that the options come to.
     *
     * @throws IllegalArgumentException if they come to none, or a file is not a policy
     * @throws EvidenceUnavailableException if a file cannot be read
     */
    SnpPolicy toPolicy() throws EvidenceUnavailableException {
        exclude("--report-data", reportData != null, "--without-freshness", withoutFreshness != null);
        exclude("--measurement", !measurements.isEmpty(), "--any-measurement", anyMeasurement != null);
        exclude("--launch", !launches.isEmpty(), "--any-measurement", anyMeasurement != null);
        SnpPolicy.Builder builder = begin();
        demand(builder);
        loosen(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + " (say --report-data or --without-freshness, and --measurement or"
                            + " --any-measurement)",
                    e);
        }
    }

    /** The product line that {@code --product} names. */
    Optional<ProductLine> product() {
        return Optional.ofNullable(product);
    }

    /** What {@code --revocation} says. */
    Revocation revocation() {
        return revocation == null ? Revocation.REQUIRE : revocation;
    }

    private SnpPolicy.Builder begin() throws EvidenceUnavailableException {
        if (policy == null) {
            return SnpPolicy.builder();
        }
        try {
            return SnpPolicy.builderFromJson(PolicyFile.read(policy));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            throw PolicyFile.wrong(policy, e);
        }
    }

    private void demand(SnpPolicy.Builder builder) throws EvidenceUnavailableException {
        if (reportData != null) {
            builder.expectedReportData(reportData);
        }
        if (!measurements.isEmpty() || !launches.isEmpty()) {
            // What a file lists is replaced, not added to.
            builder.anyMeasurement("--measurement or --launch");
            measurements.forEach(builder::measurement);
        }
        for (Path launch : launches) {
            builder.launch(read(launch));
        }
        if (hostData != null) {
            builder.hostData(hostData);
        }
        if (product != null) {
            builder.productLine(product);
        }
        if (!vmpls.isEmpty()) {
            builder.vmpls(new LinkedHashSet<>(vmpls));
        }
        if (minimumTcb != null) {
            builder.minimumTcb(minimumTcb);
        }
    }

    private static LaunchConfiguration read(Path launch) throws EvidenceUnavailableException {
        try {
            return LaunchConfiguration.fromJson(PolicyFile.read(launch));
        } catch (MalformedEvidenceException | IllegalArgumentException e) {
            throw PolicyFile.wrong(launch, e);
        }
    }

    private void loosen(SnpPolicy.Builder builder) {
        if (withoutFreshness != null) {
            builder.withoutFreshness(withoutFreshness);
        }
        if (anyMeasurement != null) {
            builder.anyMeasurement(anyMeasurement);
        }
        if (allowDebug != null) {
            builder.allowDebug(allowDebug);
        }
        if (allowMigrationAgent != null) {
            builder.allowMigrationAgent(allowMigrationAgent);
        }
        if (allowVlek != null) {
            builder.allowVlek(allowVlek);
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

    private static void exclude(String demand, boolean demanded, String loosening, boolean loosened) {
        if (demanded && loosened) {
            throw new IllegalArgumentException("expected either " + demand + " or " + loosening + ", found both");
        }
    }
}
