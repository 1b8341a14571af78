package org.verifiableai.examples.vai.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.chain.registry.ChainConnection;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.chain.registry.ProvenanceRegistry;
import org.verifiableai.chain.registry.RegistryEntry;
import org.verifiableai.examples.vai.CommonOptions;
import org.verifiableai.examples.vai.ExitCode;
import org.verifiableai.manifest.ManifestFolder;
import org.web3j.protocol.http.HttpService;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code vai registry lookup}: what a publisher's entry for a model says. An entry that stands is exit code 0; a revoked
 * or unknown one is 1.
 */
@Command(
        name = "lookup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Look up which manifest a publisher stands behind for a model.")
public final class RegistryLookupCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--rpc", required = true, paramLabel = "URL", description = "A gateway to the chain.")
    private String rpc;

    @Option(names = "--chain-id", defaultValue = "23294", description = "The chain (${DEFAULT-VALUE}, Sapphire).")
    private long chainId;

    @Option(names = "--contract", required = true, paramLabel = "ADDRESS", description = "The registry.")
    private String contract;

    @Option(names = "--publisher", required = true, paramLabel = "ADDRESS", description = "Whose word is asked.")
    private String publisher;

    @ArgGroup(multiplicity = "1")
    private Model model;

    /** Which model: by its digest, or by its folder. */
    static final class Model {

        @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
        @Nullable
        Path folder;

        @Option(names = "--digest", required = true, paramLabel = "HEX", description = "The model's digest.")
        @Nullable
        String digest;
    }

    /** Called by picocli. */
    public RegistryLookupCommand() {}

    @Override
    public Integer call() throws IOException, MalformedEvidenceException, EvidenceUnavailableException, ChainException {
        if (common.offline()) {
            throw new EvidenceUnavailableException("a registry cannot be asked with --offline", false);
        }
        Bytes digest = digest();
        HttpService service = new HttpService(rpc);
        try {
            RegistryEntry entry = ProvenanceRegistry.at(ChainConnection.connect(service, chainId), contract)
                    .lookup(publisher, digest);
            print(entry, digest);
            return entry instanceof RegistryEntry.Published ? ExitCode.OK : ExitCode.REJECTED;
        } finally {
            service.close();
        }
    }

    private Bytes digest() throws IOException, MalformedEvidenceException {
        if (model.folder != null) {
            return new ManifestFolder(model.folder).adapter().dirHash1();
        }
        return Bytes.fromHex(model.digest == null ? "" : model.digest);
    }

    private void print(RegistryEntry entry, Bytes digest) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (entry instanceof RegistryEntry.Published published) {
            json.put("status", "PUBLISHED")
                    .put("model", digest.hex())
                    .put("manifest", published.manifestDigest().hex())
                    .put("version", published.version())
                    .put("publishedAt", published.publishedAt().toString());
        } else if (entry instanceof RegistryEntry.Revoked revoked) {
            json.put("status", "REVOKED")
                    .put("model", digest.hex())
                    .put("manifest", revoked.manifestDigest().hex())
                    .put("version", revoked.version())
                    .put("publishedAt", revoked.publishedAt().toString())
                    .put("revokedAt", revoked.revokedAt().toString())
                    .put("reason", revoked.reason());
        } else {
            json.put("status", "UNKNOWN").put("model", digest.hex());
        }
        if (common.json()) {
            spec.commandLine().getOut().println(json);
        } else {
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                spec.commandLine()
                        .getOut()
                        .printf("%-12s %s%n", field.getKey(), field.getValue().asText());
            }
        }
    }
}
