package org.verifiableai.examples.vai;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.export.CycloneDx;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai manifest bom}: what a manifest says as a CycloneDX bill of materials, which nothing here vouches for. */
@Command(
        name = "bom",
        mixinStandardHelpOptions = true,
        description =
                "Print what a manifest states as a CycloneDX 1.6 bill of materials, in JSON with or without --json."
                        + " Nothing is verified, and the bill is unsigned.")
final class ManifestBom implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
    private Path model;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the bill goes, in place of standard output.")
    private @Nullable Path out;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        Provenance provenance;
        try {
            provenance = ModelFolder.provenance(model);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        String bill = new String(CycloneDx.write(provenance).toByteArray(), StandardCharsets.UTF_8);
        if (out != null) {
            OutputFile.write(out, bill + "\n");
        } else {
            PrintWriter writer = spec.commandLine().getOut();
            writer.println(bill);
            writer.flush();
        }
        return ExitCode.OK;
    }
}
