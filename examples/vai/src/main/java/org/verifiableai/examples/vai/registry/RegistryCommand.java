package org.verifiableai.examples.vai.registry;

import picocli.CommandLine.Command;

/** {@code vai registry}: the commands about a registry. */
@Command(
        name = "registry",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Ask a provenance registry.",
        subcommands = RegistryLookupCommand.class)
public final class RegistryCommand {

    /** Called by picocli. */
    public RegistryCommand() {}
}
