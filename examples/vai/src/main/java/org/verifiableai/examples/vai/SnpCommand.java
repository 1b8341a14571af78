package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands on AMD SEV-SNP. */
@Command(
        name = "snp",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Read and judge attestation reports of AMD SEV-SNP.",
        subcommands = {SnpShow.class, SnpVerify.class})
final class SnpCommand {}
