package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands on NVIDIA's GPUs and switches. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Judge what NVIDIA's GPUs and switches sign, and tokens on it.",
        subcommands = {GpuVerify.class, GpuToken.class})
final class GpuCommand {}
