package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vai snp show}: what a report says, which nothing here vouches for. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Print every field of a report. Nothing is verified: anybody can write such a file.")
final class SnpShow implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "REPORT", description = "The report, as the firmware gave it.")
    @Nullable
    private Path positional;

    @Option(names = "--report", paramLabel = "FILE", description = "The same.")
    @Nullable
    private Path named;

    @Option(
            names = "--product",
            paramLabel = "NAME",
            converter = Converters.Product.class,
            description =
                    "Read TCB versions as a processor of milan, genoa or turin writes them: version 2 does not say.")
    @Nullable
    private ProductLine product;

    @Override
    public Integer call() throws Exception {
        Path file = positional != null ? positional : named;
        if (file == null || (positional != null && named != null)) {
            throw new ParameterException(spec.commandLine(), "expected one report, as REPORT or --report FILE");
        }
        Output output = new Output(spec.commandLine(), common.json());
        try {
            SnpReport report = SnpReport.parse(SnpFiles.report(file));
            output.values(product == null ? report.fields() : report.fields(product));
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        return ExitCode.OK;
    }
}
