package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands on signed manifests. */
@Command(
        name = "manifest",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Read and judge the signed manifest of a model.",
        subcommands = {
            ManifestShow.class,
            ManifestVerify.class,
            ManifestCanonicalize.class,
            ManifestGraph.class,
            ManifestBom.class,
            ClaimCommand.class
        })
final class ManifestCommand {}
