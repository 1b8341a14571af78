package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.oms.OmsPolicy;
import org.verifiableai.manifest.oms.OmsVerifier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai oms verify}: a model and its signature, judged by a key or by authorities. It never touches the network. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Judge a signed model by the signer's key, or by authorities for the signer's certificate.")
final class OmsVerify implements Callable<Integer> {

    private static final int MAX_PEM = 1 << 20;
    private static final String BY_OPTION = "asked for on the command line";

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--model", required = true, paramLabel = "PATH", description = "The model: a folder, or one file.")
    private Path model;

    @Option(
            names = "--signature",
            required = true,
            paramLabel = "FILE",
            description = "The signature, a sigstore bundle.")
    private Path signature;

    @ArgGroup(multiplicity = "1")
    private Trust trust;

    @Option(
            names = "--ignore",
            paramLabel = "PATH",
            description = "Leave this path of the model out, and what is below it.")
    private List<String> ignored = new ArrayList<>();

    @Option(names = "--allow-extra-files", description = "Let files pass that the signature does not list.")
    private boolean extraFiles;

    @Option(names = "--allow-der-hint", description = "Let a hint pass that is over the key's DER and not its PEM.")
    private boolean derHint;

    @Option(
            names = "--no-hidden-files",
            description = "Refuse every file that the signer left out, unless --ignore names it.")
    private boolean noHiddenFiles;

    private static final class Trust {

        @Option(names = "--public-key", paramLabel = "FILE", description = "Take signatures by this key (PEM or DER).")
        private @Nullable Path publicKey;

        @Option(
                names = "--ca",
                arity = "1..*",
                paramLabel = "FILE",
                description = "Take signatures with certificates of these authorities (PEM).")
        private @Nullable List<Path> authorities;
    }

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        return output.verdict(verifier().build().verify(model, signature, policy()));
    }

    private OmsVerifier.Builder verifier() throws EvidenceUnavailableException {
        try {
            if (trust.publicKey != null) {
                return OmsVerifier.ofPublicKey(InputFile.read("public key", trust.publicKey, MAX_PEM));
            }
            List<Bytes> pem = new ArrayList<>();
            for (Path file : trust.authorities == null ? List.<Path>of() : trust.authorities) {
                pem.add(InputFile.read("authority", file, MAX_PEM));
            }
            return OmsVerifier.ofAuthorities(pem).clock(common.clock());
        } catch (MalformedEvidenceException e) {
            // What the caller trusts is no evidence.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private OmsPolicy policy() {
        OmsPolicy.Builder policy = OmsPolicy.builder();
        ignored.forEach(policy::ignore);
        if (extraFiles) {
            policy.withExtraFiles(BY_OPTION);
        }
        if (derHint) {
            policy.withDerHint(BY_OPTION);
        }
        if (noHiddenFiles) {
            policy.everyHiddenFileNamed();
        }
        return policy.build();
    }
}
