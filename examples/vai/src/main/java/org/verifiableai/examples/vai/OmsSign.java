package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.oms.OmsSigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai oms sign}: signs a model with a key, or with a key and its certificates. It never touches the network. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Sign a model with a private key, and with its certificates where they are given.")
final class OmsSign implements Callable<Integer> {

    private static final int MAX_PEM = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--model", required = true, paramLabel = "PATH", description = "The model: a folder, or one file.")
    private Path model;

    @Option(names = "--signature", required = true, paramLabel = "FILE", description = "Where to leave the signature.")
    private Path signature;

    @Option(
            names = "--private-key",
            required = true,
            paramLabel = "FILE",
            description = "The key, unencrypted PEM: P-256, P-384 or P-521.")
    private Path privateKey;

    @Option(
            names = "--certificate-chain",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Certificates in PEM, that of the key first, then those above it.")
    private List<Path> certificates = new ArrayList<>();

    @Option(
            names = "--shard-size",
            paramLabel = "BYTES",
            description = "List parts of so many bytes in place of whole files.")
    private @Nullable Long shardSize;

    @Option(
            names = "--ignore",
            paramLabel = "PATH",
            description = "Leave this path of the model out, and what is below it.")
    private List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        OmsSigner.Builder signer = signer();
        ignored.forEach(signer::ignore);
        if (shardSize != null) {
            signer.shardSize(shardSize);
        }
        signer.build().sign(model, signature);
        Map<String, String> done = new LinkedHashMap<>();
        done.put("signature", signature.toString());
        new Output(spec.commandLine(), common.json()).values(done);
        return ExitCode.OK;
    }

    private OmsSigner.Builder signer() throws EvidenceUnavailableException {
        OmsSigner.Builder signer = OmsSigner.builder(PrivateKeyFile.read(privateKey));
        try {
            List<Bytes> pem = new ArrayList<>();
            for (Path file : certificates) {
                pem.add(InputFile.read("certificate", file, MAX_PEM));
            }
            return pem.isEmpty() ? signer : signer.certificates(pem);
        } catch (MalformedEvidenceException e) {
            // What the caller signs with is no evidence.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
