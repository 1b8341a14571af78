package org.verifiableai.examples.vai.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.verifiableai.examples.vai.CommonOptions;
import org.verifiableai.examples.vai.ExitCode;
import org.verifiableai.examples.vai.Narrator;
import org.verifiableai.training.CausalLm;
import org.verifiableai.training.CheckpointException;
import org.verifiableai.training.LearningRate;
import org.verifiableai.training.LoraConfig;
import org.verifiableai.training.LoraTrainer;
import org.verifiableai.training.TorchRuntime;
import org.verifiableai.training.TrainingData;
import org.verifiableai.training.TrainingResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai train}: a LoRA adapter from a checkpoint and a file of examples. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fine-tune a Llama checkpoint with LoRA and write a PEFT adapter.")
public final class TrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--base", required = true, paramLabel = "DIR", description = "The checkpoint.")
    private Path base;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the texts prompt and completion.")
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new folder for the adapter.")
    private Path out;

    @Option(names = "--r", defaultValue = "8", description = "Rank (${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--alpha", defaultValue = "16", description = "Scale times rank (${DEFAULT-VALUE}).")
    private int alpha;

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "q_proj,v_proj",
            description = "Adapted modules, or all-linear (${DEFAULT-VALUE}).")
    private List<String> targets;

    @Option(names = "--lr", defaultValue = "0.0002", description = "Learning rate (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--schedule",
            defaultValue = "CONSTANT",
            description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private LearningRate.Schedule schedule;

    @Option(names = "--warmup", defaultValue = "0", description = "Steps of warm-up (${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--epochs", defaultValue = "1", description = "Times that each example is seen (${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--steps", defaultValue = "0", description = "Optimiser steps in place of epochs.")
    private int steps;

    @Option(names = "--batch", defaultValue = "4", description = "Examples side by side (${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--accumulate", defaultValue = "1", description = "Batches to a step (${DEFAULT-VALUE}).")
    private int accumulate;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of adapter and order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of one operation (${DEFAULT-VALUE}).")
    private int threads;

    /** Called by picocli. */
    public TrainCommand() {}

    @Override
    public Integer call() throws IOException, CheckpointException {
        requireNew(out);
        LoraConfig lora =
                LoraConfig.of(rank, alpha, targets.equals(List.of("all-linear")) ? LoraConfig.allLinear() : targets);
        LoraTrainer.Builder trainer = LoraTrainer.builder(lora)
                .learningRate(new LearningRate(rate, schedule, warmup))
                .epochs(epochs)
                .batchSize(batch)
                .accumulate(accumulate)
                .seed(seed);
        if (steps > 0) {
            trainer.steps(steps);
        }
        // Progress goes to standard error, so that standard output holds the result alone.
        Narrator narrator = new Narrator(spec.commandLine().getErr(), Ansi.AUTO.enabled());
        trainer.listener(step ->
                narrator.progress(step.step(), step.total(), String.format(Locale.ROOT, "loss %.4f", step.loss())));
        TorchRuntime.useThreads(threads);
        try (CausalLm model = CausalLm.load(base)) {
            TrainingResult result = trainer.build().train(model, TrainingData.readJsonl(data));
            result.adapter().save(out);
            report(result);
        }
        return ExitCode.OK;
    }

    private void report(TrainingResult result) {
        double last = result.losses().get(result.losses().size() - 1);
        if (common.json()) {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("adapter", out.toString());
            json.put("steps", result.losses().size())
                    .put("firstLoss", result.losses().get(0));
            json.put("lastLoss", last);
            ObjectNode environment = json.putObject("environment");
            result.environment().forEach(environment::put);
            spec.commandLine().getOut().println(json);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%s: %d steps, loss %.4f to %.4f%n",
                            out,
                            result.losses().size(),
                            result.losses().get(0),
                            last);
        }
    }

    private static void requireNew(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new IllegalArgumentException("--out must be a new or empty folder, found " + folder);
                }
            }
        }
    }
}
