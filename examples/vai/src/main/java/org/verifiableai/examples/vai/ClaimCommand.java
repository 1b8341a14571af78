package org.verifiableai.examples.vai;

import picocli.CommandLine.Command;

/** The commands that add claims to a model's folder. */
@Command(
        name = "claim",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Sign a claim about a model's manifest and add it to the model's claims.jsonl.",
            "",
            "A claim is its author's word and is signed with his key, never with the machine's. Whoever can write the",
            "folder can drop it: a revocation that has to reach everybody belongs on chain."
        },
        subcommands = {ClaimEvaluation.class, ClaimRevocation.class})
final class ClaimCommand {}
