package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands on model signatures of OpenSSF Model Signing. */
@Command(
        name = "oms",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Sign models and judge signed ones (OpenSSF Model Signing).",
        subcommands = {OmsSign.class, OmsVerify.class})
final class OmsCommand {}
