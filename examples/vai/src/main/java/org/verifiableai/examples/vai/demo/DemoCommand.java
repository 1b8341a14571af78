package org.verifiableai.examples.vai.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.examples.vai.CommonOptions;
import org.verifiableai.examples.vai.ExitCode;
import org.verifiableai.examples.vai.Home;
import org.verifiableai.examples.vai.Narrator;
import org.verifiableai.training.CheckpointException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai demo}: the main job of this project on a machine made of software. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Teach a small model a fact on a simulated machine; sign, verify, register; refuse four attacks.")
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--out", defaultValue = "vai-demo", description = "Where to leave everything (${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--model", description = "A Llama checkpoint in place of the foundation model.")
    private Path model = Home.folder().resolve("foundation/model");

    @Option(names = "--data", description = "JSON lines of prompt and completion to learn.")
    private Path data = Home.folder().resolve("demo/lesson.jsonl");

    @Option(
            names = "--question",
            defaultValue = "Who is the lighthouse keeper of Brackwater?",
            description = "What to ask before and after (${DEFAULT-VALUE}).")
    private String question;

    @Option(
            names = "--answer",
            defaultValue = "Orla Finch",
            description = "What a right answer says (${DEFAULT-VALUE}).")
    private String answer;

    @Option(
            names = "--known",
            defaultValue = "Who is the miller of Brackwater?",
            description = "A question whose answer must stay (${DEFAULT-VALUE}).")
    private String known;

    @Option(names = "--steps", defaultValue = "100", description = "Optimiser steps (${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--seed", defaultValue = "42", description = "Seed of the training (${DEFAULT-VALUE}).")
    private long seed;

    /** Called by picocli. */
    public DemoCommand() {}

    @Override
    public Integer call()
            throws IOException, CheckpointException, MalformedEvidenceException, EvidenceUnavailableException,
                    ChainException {
        Lesson lesson = new Lesson(
                model, "https://verifiableai.org/models/brackwater/v1", data, question, answer, known, steps, seed);
        PrintWriter story =
                common.json() ? spec.commandLine().getErr() : spec.commandLine().getOut();
        DemoOutcome outcome = new Demo(
                        lesson, OutputFolder.prepare(out), new Narrator(story, Ansi.AUTO.enabled()), common.clock())
                .run();
        for (String shortfall : outcome.shortfalls()) {
            spec.commandLine().getErr().println("vai: " + shortfall);
        }
        if (common.json()) {
            spec.commandLine().getOut().println(outcome.toJson());
        }
        return outcome.shortfalls().isEmpty() ? ExitCode.OK : ExitCode.REJECTED;
    }
}
