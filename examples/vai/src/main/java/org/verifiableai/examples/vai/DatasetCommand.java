package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands on training data and its records. */
@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Show that a record was in a file of training data.",
            "",
            "What is shown is that the file that was given to a training job held the record, byte for byte. It is",
            "not shown that training used it, once or at all, or that it changed the model."
        },
        subcommands = {DatasetDigestCommand.class, DatasetProve.class, DatasetCheck.class})
final class DatasetCommand {}
