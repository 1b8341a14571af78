package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.EvidenceReference;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.files.FileDigest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vai manifest show}: what a manifest says, which nothing here vouches for. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Print what a manifest states, and what the claims beside it do, by the number of their line.",
            "Nothing is verified: anybody can write such files, and anybody can drop a claim."
        })
final class ManifestShow implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
    private Path model;

    @Override
    public Integer call() throws Exception {
        ManifestFolder folder = ModelFolder.of(model);
        Output output = new Output(spec.commandLine(), common.json());
        try {
            Map<String, String> values = values(folder.manifest().provenance());
            ClaimValues.add(folder.claims(), values);
            output.values(values);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        } catch (IOException e) {
            throw new EvidenceUnavailableException("cannot read " + model + ": " + e.getMessage(), false, e);
        }
        return ExitCode.OK;
    }

    private static Map<String, String> values(Provenance provenance) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("model", provenance.modelDigest().hex());
        values.put("manifest", provenance.manifestDigest().hex());
        values.put("key", provenance.key().fingerprint().hex());
        values.put("base-model", provenance.job().baseModel().uri());
        values.put("base-model-digest", provenance.job().baseModel().digest().hex());
        for (DataSet data : provenance.job().dataSets()) {
            values.put("data." + data.name(), data.sha256().hex());
        }
        provenance.job().hyperParameters().forEach((name, value) -> values.put("hyper-parameter." + name, value));
        provenance.job().nonce().ifPresent(nonce -> values.put("nonce", nonce.hex()));
        provenance.framework().forEach((name, version) -> values.put("framework." + name, version));
        values.put("invocation", provenance.invocationId());
        values.put("started-at", provenance.startedOn().toString());
        values.put("finished-at", provenance.finishedOn().toString());
        for (FileDigest file : provenance.adapter().files()) {
            values.put("file." + file.name(), file.sha256().hex());
        }
        for (EvidenceReference piece : provenance.evidence()) {
            values.put("evidence." + piece.name(), piece.sha256().hex());
        }
        return values;
    }
}
