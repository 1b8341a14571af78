package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.DatasetDigest;
import org.verifiableai.manifest.data.RecordTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vai dataset digest}: what a manifest states of a file of training data. */
@Command(
        name = "digest",
        mixinStandardHelpOptions = true,
        description = "Print SHA-256, number of records and Merkle root of a file of one record per line.")
final class DatasetDigestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LeavesOptions leaves = new LeavesOptions();

    @Parameters(paramLabel = "FILE", description = "The data. Records are the bytes between line feeds.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        try {
            output.values(values(DatasetFile.digest(file, leaves.leaves())));
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        }
        return ExitCode.OK;
    }

    private static Map<String, String> values(DatasetDigest digest) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("sha256", digest.sha256().hex());
        values.put("size", Long.toString(digest.size()));
        values.put("records", Long.toString(digest.tree().records()));
        values.put("alg", RecordTree.ALGORITHM);
        values.put("leaf", digest.tree().leaf().id());
        values.put("root", digest.tree().root().hex());
        return values;
    }
}
