package org.verifiableai.examples.vai.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.examples.vai.CommonOptions;
import org.verifiableai.examples.vai.ExitCode;
import org.verifiableai.training.CausalLm;
import org.verifiableai.training.CheckpointException;
import org.verifiableai.training.Generator;
import org.verifiableai.training.LoraAdapter;
import org.verifiableai.training.TorchRuntime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai generate}: what a model says next. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Continue a text with a checkpoint, with an adapter or without, always by the likeliest token.")
public final class GenerateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--base", required = true, paramLabel = "DIR", description = "The checkpoint.")
    private Path base;

    @Option(names = "--adapter", paramLabel = "DIR", description = "A PEFT adapter of the checkpoint.")
    private @Nullable Path adapter;

    @Option(
            names = "--prompt",
            required = true,
            paramLabel = "TEXT",
            description = "The text to continue; \\n is a line end.")
    private String prompt;

    @Option(names = "--max-tokens", defaultValue = "64", description = "The most tokens (${DEFAULT-VALUE}).")
    private int maxTokens;

    /** Called by picocli. */
    public GenerateCommand() {}

    @Override
    public Integer call() throws IOException, CheckpointException {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("--max-tokens must be 1 or more, found " + maxTokens);
        }
        TorchRuntime.useThreads(1);
        try (CausalLm model = CausalLm.load(base);
                Generator generator = adapter == null
                        ? Generator.of(model)
                        : Generator.of(model, LoraAdapter.load(adapter, model.checkpoint()))) {
            String text = generator.generate(prompt.replace("\\n", "\n"), maxTokens);
            spec.commandLine()
                    .getOut()
                    .println(
                            common.json()
                                    ? JsonNodeFactory.instance.objectNode().put("text", text)
                                    : text.strip());
        }
        return ExitCode.OK;
    }
}
