package org.verifiableai.examples.vai;

import java.util.concurrent.Callable;
import org.verifiableai.manifest.ManifestRevocation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai manifest claim revocation}: signs that a manifest is not to be relied on any more. */
@Command(
        name = "revocation",
        mixinStandardHelpOptions = true,
        description = {
            "Sign that a model's manifest is not to be relied on any more, and add it to the model's claims.jsonl.",
            "It counts for those whose policy names the key under revokedBy, and whom the line reaches."
        })
final class ClaimRevocation implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final ClaimOptions claims = new ClaimOptions();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for people.")
    private String reason;

    @Override
    public Integer call() throws Exception {
        return claims.append(
                (provenance, signer) -> signer.sign(new ManifestRevocation(
                        provenance.manifestDigest(), reason, common.clock().instant())),
                new Output(spec.commandLine(), common.json()));
    }
}
