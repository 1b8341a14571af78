package org.verifiableai.examples.vai;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.ReferenceValues;
import org.verifiableai.attestation.nvidia.collateral.GpuCollateralCompletion;
import org.verifiableai.attestation.nvidia.collateral.OcspClient;
import org.verifiableai.attestation.nvidia.collateral.OcspSource;
import org.verifiableai.attestation.nvidia.collateral.RimClient;
import org.verifiableai.attestation.nvidia.collateral.RimDirectory;
import org.verifiableai.attestation.nvidia.collateral.RimSource;
import org.verifiableai.attestation.nvidia.collateral.ServiceSettings;
import picocli.CommandLine.Option;

/** The options that say where to look for NVIDIA's word: folders first, and then NVIDIA's services. */
final class GpuSources {

    /** A command that somebody waits for gives up sooner than a service does. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    @Option(
            names = "--rim-dir",
            paramLabel = "DIR",
            description = "Look here for reference values that are not named: files ID.xml by NVIDIA's identifiers.")
    private final List<Path> folders = new ArrayList<>();

    @Option(
            names = "--rim-service",
            paramLabel = "URL",
            description = "Ask this mirror in place of NVIDIA's service of reference values.")
    @Nullable
    private URI rimService;

    @Option(
            names = "--ocsp-service",
            paramLabel = "URL",
            description = "Ask this mirror in place of NVIDIA's OCSP responder.")
    @Nullable
    private URI ocspService;

    @Option(
            names = "--service-cache",
            paramLabel = "DIR",
            description = "Keep what the services answer in this folder, and look there first.")
    @Nullable
    private Path cache;

    /**
     * What is named, and what is found beside it. What cannot be had is no error here: the verdict says that it is missing.
     */
    GpuCollateral complete(
            List<GpuEvidence> devices,
            GpuEvidenceOptions evidence,
            GpuPolicy policy,
            CommonOptions common,
            GpuTrustOptions trust,
            Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        GpuCollateral named = evidence.toCollateral();
        // What NVIDIA's services say is of no use for devices of other makers.
        boolean online = trust.isNvidia() || rimService != null || ocspService != null;
        ServiceSettings settings = settings(common, !online);
        return GpuCollateralCompletion.from(
                        rims(settings, !named.rims().isEmpty(), output), ocsp(settings, evidence, common, output))
                .referenceValues(atMostIfAvailable(policy.referenceValues()))
                .revocation(policy.revocation() == Revocation.OFF ? Revocation.OFF : Revocation.USE_IF_AVAILABLE)
                .clock(common.clock())
                .build()
                .complete(devices, named);
    }

    private static ReferenceValues atMostIfAvailable(ReferenceValues wanted) {
        return wanted == ReferenceValues.OFF ? ReferenceValues.OFF : ReferenceValues.USE_IF_AVAILABLE;
    }

    private ServiceSettings settings(CommonOptions common, boolean withoutService) {
        ServiceSettings.Builder settings =
                ServiceSettings.builder().deadline(DEADLINE).clock(common.clock());
        if (cache != null) {
            settings.cacheDirectory(cache);
        }
        if (common.offline() || withoutService) {
            settings.offline();
        }
        return settings.build();
    }

    private RimSource rims(ServiceSettings settings, boolean named, Output output) throws EvidenceUnavailableException {
        List<RimSource> sources = new ArrayList<>();
        for (Path folder : folders) {
            sources.add(RimDirectory.of(folder));
        }
        if (!named) {
            RimClient.Builder client = RimClient.builder().settings(settings);
            if (rimService != null) {
                client.baseUri(rimService);
            }
            RimClient service = client.build();
            sources.add(id -> ask(output, () -> service.rim(id)));
        }
        return RimSource.firstOf(sources);
    }

    private OcspSource ocsp(
            ServiceSettings settings, GpuEvidenceOptions evidence, CommonOptions common, Output output) {
        // Today's answers say nothing of another instant.
        if (evidence.namesOcsp() || !common.isNow()) {
            return OcspSource.none();
        }
        OcspClient.Builder client = OcspClient.builder().settings(settings);
        if (ocspService != null) {
            client.baseUri(ocspService);
        }
        OcspClient service = client.build();
        return (certificate, issuer) -> ask(output, () -> service.response(certificate, issuer));
    }

    /** A question to a service. */
    private interface Question<E extends Exception> {
        Optional<Bytes> ask() throws EvidenceUnavailableException, E;
    }

    /** What cannot be had is for the verdict to say; why it could not, for the person who waited. */
    private static <E extends Exception> Optional<Bytes> ask(Output output, Question<E> question)
            throws EvidenceUnavailableException, E {
        try {
            return question.ask();
        } catch (EvidenceUnavailableException e) {
            output.note(String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
