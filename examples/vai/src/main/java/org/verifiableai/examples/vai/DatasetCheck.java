package org.verifiableai.examples.vai;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.data.DatasetVerifier;
import org.verifiableai.manifest.data.LeafRule;
import org.verifiableai.manifest.data.ProvenRecords;
import org.verifiableai.manifest.data.RecordTree;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code vai dataset check}: whether records stand in a data set. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Judge a proof that records stand in a file of training data.",
            "",
            "Root and number of records are trusted as they are given. With --model they are what the model's manifest",
            "states, and whether that manifest is to be believed is for vai manifest verify to say.",
            "",
            "What is shown is that the file that was given to the job held the records, byte for byte; not that training",
            "used them, once or at all, or that they changed the model."
        })
final class DatasetCheck implements Callable<Integer> {

    private static final int PROOF_LIMIT = 2 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--proof", required = true, paramLabel = "FILE", description = "The proof.")
    private Path proof;

    @Option(
            names = "--record",
            required = true,
            paramLabel = "FILE",
            description =
                    "The record, or the records of a range, one per line, as the data has them; - is standard input.")
    private Path record;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        Verdict<ProvenRecords> verdict;
        try {
            DatasetVerifier verifier = verifier(source.given, source.stated);
            Bytes read = InputFile.read("proof", proof, PROOF_LIMIT);
            try (InputStream records = open()) {
                verdict = verifier.verify(read, records);
            }
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        } catch (IOException e) {
            throw DatasetFile.unreadable(record, e);
        }
        return output.verdict(verdict);
    }

    private InputStream open() throws IOException {
        return record.toString().equals("-") ? System.in : Files.newInputStream(record);
    }

    private static DatasetVerifier verifier(@Nullable Given given, @Nullable Stated stated)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        if (stated != null) {
            return against(stated);
        }
        // The group has one of the two, or the command line was refused.
        Objects.requireNonNull(given, "given");
        return DatasetVerifier.against(new RecordTree(given.leaf, given.records, given.root), "the command line");
    }

    private static DatasetVerifier against(Stated stated)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        Provenance provenance = ModelFolder.provenance(stated.model);
        DataSet set = provenance.job().dataSets().stream()
                .filter(candidate -> candidate.name().equals(stated.dataSet))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("data set: expected one of "
                        + provenance.job().dataSets().stream()
                                .map(DataSet::name)
                                .toList()
                        + ", found " + stated.dataSet));
        RecordTree tree = set.tree()
                .orElseThrow(() -> new MalformedEvidenceException(
                        "data set " + set.name(),
                        MalformedEvidenceException.NO_OFFSET,
                        "a Merkle root over its records",
                        "none that this version reads"));
        return DatasetVerifier.against(
                tree,
                "data set " + set.name() + " of manifest "
                        + provenance.manifestDigest().hex() + ", which is not verified here");
    }

    /** Where root and count are from. */
    static final class Source {

        @ArgGroup(exclusive = false)
        private @Nullable Given given;

        @ArgGroup(exclusive = false)
        private @Nullable Stated stated;
    }

    /** The caller's word. */
    static final class Given {

        @Option(
                names = "--root",
                required = true,
                paramLabel = "HEX",
                converter = Converters.Hex.class,
                description = "The Merkle root, 64 hex digits.")
        private Bytes root;

        @Option(names = "--records", required = true, paramLabel = "N", description = "How many records there are.")
        private long records;

        @Option(
                names = "--leaf",
                paramLabel = "RULE",
                converter = LeafRuleConverter.class,
                defaultValue = "jsonl-raw-v1",
                description = "How records became leaves; ${DEFAULT-VALUE} unless given.")
        private LeafRule leaf;
    }

    /** A manifest's word. */
    static final class Stated {

        @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
        private Path model;

        @Option(
                names = "--data-set",
                required = true,
                paramLabel = "NAME",
                description = "The data set by its name in the manifest.")
        private String dataSet;
    }

    /** A rule by its name. */
    static final class LeafRuleConverter implements ITypeConverter<LeafRule> {
        @Override
        public LeafRule convert(String text) {
            return LeafRule.of(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "expected jsonl-raw-v1, salted-v1 or contributor-v1, found " + text));
        }
    }
}
