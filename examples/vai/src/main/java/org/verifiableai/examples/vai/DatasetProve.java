package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.data.DatasetDigest;
import org.verifiableai.manifest.data.DatasetProof;
import org.verifiableai.manifest.data.InclusionProof;
import org.verifiableai.manifest.data.Leaves;
import org.verifiableai.manifest.data.RangeProof;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code vai dataset prove}: a proof for one record, or for some that follow each other. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = {
            "Write a proof that records stand in a file. The file is read twice.",
            "",
            "Without salts a proof lets whoever sees it test guesses at neighbouring records. A proof under salts holds",
            "the salts of its own records, and is to be kept as long as they are to be kept from others."
        })
final class DatasetProve implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final LeavesOptions leaves = new LeavesOptions();

    @Parameters(paramLabel = "FILE", description = "The data. Records are the bytes between line feeds.")
    private Path file;

    @ArgGroup(multiplicity = "1")
    private Place place;

    @Option(names = "--out", required = true, paramLabel = "PROOF", description = "Where the proof goes.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        DatasetProof proof;
        DatasetDigest digest;
        try {
            Leaves made = leaves.leaves();
            digest = DatasetFile.digest(file, made);
            proof = prove(made, digest);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        } catch (IOException e) {
            throw DatasetFile.unreadable(file, e);
        }
        String json = new String(proof.toJson().toByteArray(), StandardCharsets.UTF_8) + "\n";
        OutputFile.write(out, json);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("proof", out.toString());
        values.put("first", Long.toString(proof.first()));
        values.put("length", Long.toString(proof.length()));
        values.put("records", Long.toString(proof.records()));
        values.put("leaf", digest.tree().leaf().id());
        values.put("root", digest.tree().root().hex());
        output.values(values);
        return ExitCode.OK;
    }

    private DatasetProof prove(Leaves made, DatasetDigest digest) throws MalformedEvidenceException, IOException {
        if (place.range != null) {
            return RangeProof.read(file, made, digest, place.range.first(), place.range.length());
        }
        return InclusionProof.read(file, made, digest, place.record);
    }

    /** Either of them. */
    static final class Place {

        @Option(names = "--record", paramLabel = "N", description = "The record's place, counted from 0.")
        private long record;

        @Option(
                names = "--range",
                paramLabel = "A:B",
                converter = RangeConverter.class,
                description = "Records from A on and before B, counted from 0.")
        private @Nullable Range range;
    }

    /** Records that follow each other. */
    record Range(long first, long length) {}

    /** Two numbers with a colon between. */
    static final class RangeConverter implements ITypeConverter<Range> {

        private static final Pattern FORM = Pattern.compile("([0-9]{1,16}):([0-9]{1,16})");

        @Override
        public Range convert(String text) {
            Matcher range = FORM.matcher(text);
            if (!range.matches()) {
                throw new TypeConversionException("expected two numbers such as 10:20, found " + text);
            }
            long first = Long.parseLong(range.group(1));
            return new Range(first, Long.parseLong(range.group(2)) - first);
        }
    }
}
