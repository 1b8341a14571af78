package org.verifiableai.examples.vai;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.Lineage;
import org.verifiableai.manifest.LineageGraph;
import org.verifiableai.manifest.LineageResult;
import org.verifiableai.manifest.LineageVerifier;
import org.verifiableai.manifest.ModelSource;
import org.verifiableai.manifest.ProvenanceVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code vai manifest graph}: what a model comes from, as text or for programs that draw. */
@Command(
        name = "graph",
        mixinStandardHelpOptions = true,
        description =
                "Draw what a model comes from: models, data, machines and keys. Without a policy nothing is verified, "
                        + "and what is drawn is what anybody could have written.")
final class ManifestGraph implements Callable<Integer> {

    private static final String NOT_VERIFIED =
            "no policy was given, so that nothing in this graph is verified: anybody can write such files";

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
    private Path model;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Where the models are that it was trained from, at any depth. May be given more than once.")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "What is demanded, as JSON: of each model, or of a lineage.")
    private @Nullable Path policy;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = FormatConverter.class,
            description =
                    "text, dot for Graphviz, mermaid, or json, which is what --json gives; ${DEFAULT-VALUE} by default.")
    private Format format = Format.TEXT;

    @Mixin
    private final GpuTrustOptions gpuTrust = new GpuTrustOptions();

    @Override
    public Integer call() throws Exception {
        Format chosen = common.json() ? Format.JSON : format;
        // A program that draws wants the graph and nothing else.
        Output output = new Output(spec.commandLine(), chosen != Format.TEXT);
        ModelSource source = ModelSource.below(models);
        try {
            return policy == null ? read(source, chosen, output) : verify(source, policy, chosen, output);
        } catch (MalformedEvidenceException e) {
            if (chosen == Format.JSON) {
                output.notEvidence(e);
            }
            throw e;
        }
    }

    private int read(ModelSource source, Format chosen, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        ModelFolder.of(model);
        Lineage lineage = Lineage.read(model, source);
        PrintWriter out = spec.commandLine().getOut();
        if (chosen == Format.JSON) {
            out.println("{\"verified\":false,\"lineage\":" + lineage.toJson() + "}");
        } else {
            output.note(NOT_VERIFIED);
            out.print(draw(lineage, chosen));
        }
        out.flush();
        return ExitCode.OK;
    }

    private int verify(ModelSource source, Path demands, Format chosen, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        LineageResult result = LineageVerifier.of(ProvenanceVerifier.builder()
                        .snp(trust.snpVerifier(common, output))
                        .gpu(gpuTrust.gpuVerifier(common, output))
                        .build())
                .verifyAll(List.of(model), source, ManifestPolicy.read(demands).lineage());
        if (chosen == Format.JSON) {
            return output.lineage(result);
        }
        for (CheckResult failure : result.verdict().failures()) {
            output.note(failure.id() + " failed: " + failure.detail());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(draw(result.lineage(), chosen));
        if (chosen == Format.TEXT) {
            out.println(result.verdict().accepted() ? "ACCEPTED" : "REJECTED");
        }
        out.flush();
        return result.verdict().accepted() ? ExitCode.OK : ExitCode.REJECTED;
    }

    private static String draw(Lineage lineage, Format format) {
        return switch (format) {
            case TEXT -> LineageGraph.text(lineage);
            case DOT -> LineageGraph.dot(lineage);
            case MERMAID -> LineageGraph.mermaid(lineage);
            case JSON -> lineage.toJson();
        };
    }

    /** What a graph is written as. */
    enum Format {
        TEXT,
        DOT,
        MERMAID,
        JSON
    }

    /** The names of formats in lower case. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            for (Format format : Format.values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return format;
                }
            }
            throw new TypeConversionException("expected text, dot, mermaid or json, found " + text);
        }
    }
}
