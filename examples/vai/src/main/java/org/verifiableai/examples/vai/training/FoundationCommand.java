package org.verifiableai.examples.vai.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.verifiableai.examples.vai.CommonOptions;
import org.verifiableai.examples.vai.ExitCode;
import org.verifiableai.examples.vai.Home;
import org.verifiableai.examples.vai.Narrator;
import org.verifiableai.examples.vai.foundation.FoundationModel;
import org.verifiableai.training.CheckpointException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai foundation}: makes the demonstration's foundation model anew. */
@Command(
        name = "foundation",
        mixinStandardHelpOptions = true,
        description = "Make the foundation model of the demo from its corpus; on one machine always the same bytes.")
public final class FoundationCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--corpus", paramLabel = "DIR", description = "The text to learn from.")
    private Path corpus = Home.folder().resolve("foundation/corpus");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write the checkpoint.")
    private Path out;

    /** Called by picocli. */
    public FoundationCommand() {}

    @Override
    public Integer call() throws IOException, CheckpointException {
        Narrator narrator = new Narrator(spec.commandLine().getErr(), Ansi.AUTO.enabled());
        FoundationModel.make(
                corpus,
                out,
                step -> narrator.progress(
                        step.step(), step.total(), String.format(Locale.ROOT, "loss %.4f", step.loss())));
        spec.commandLine()
                .getOut()
                .println(common.json() ? JsonNodeFactory.instance.objectNode().put("checkpoint", out.toString()) : out);
        return ExitCode.OK;
    }
}
