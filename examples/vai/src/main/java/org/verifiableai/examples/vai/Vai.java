package org.verifiableai.examples.vai;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.examples.vai.demo.DemoCommand;
import org.verifiableai.examples.vai.registry.RegistryCommand;
import org.verifiableai.examples.vai.training.FoundationCommand;
import org.verifiableai.examples.vai.training.GenerateCommand;
import org.verifiableai.examples.vai.training.TrainCommand;
import org.verifiableai.training.CheckpointException;
import org.verifiableai.training.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. It only knows its children and how an exception becomes an exit code. */
@Command(
        name = "vai",
        mixinStandardHelpOptions = true,
        version = "vai 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Prove how an AI model was made, and check such proofs.",
        footer = {
            "",
            "Exit codes: 0 accepted or done; 1 rejected, or malformed evidence; 2 wrong usage;",
            "3 something needed could not be had."
        },
        subcommands = {
            SnpCommand.class,
            GpuCommand.class,
            MeasureCommand.class,
            ManifestCommand.class,
            DatasetCommand.class,
            OmsCommand.class,
            DemoCommand.class,
            TrainCommand.class,
            GenerateCommand.class,
            FoundationCommand.class,
            RegistryCommand.class
        })
public final class Vai {

    private Vai() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs a command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Vai())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(Vai::exitCodeOf)
                .execute(args);
    }

    private static int exitCodeOf(Exception e, CommandLine command, CommandLine.ParseResult ignored) {
        String message = (e instanceof NoSuchFileException ? "no such file: " : "") + e.getMessage();
        command.getErr().println("vai: " + Output.onOneLine(message));
        if (e instanceof MalformedEvidenceException
                || e instanceof CheckpointException
                || e instanceof DivergedException) {
            return ExitCode.REJECTED;
        }
        if (e instanceof EvidenceUnavailableException || e instanceof ChainException || e instanceof IOException) {
            return ExitCode.UNAVAILABLE;
        }
        if (e instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        // A defect of ours: nothing was accepted, and the trace says where to look.
        e.printStackTrace(command.getErr());
        return ExitCode.UNAVAILABLE;
    }
}
