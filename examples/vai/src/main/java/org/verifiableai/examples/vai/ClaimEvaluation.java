package org.verifiableai.examples.vai;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.Claim;
import org.verifiableai.manifest.ClaimSigner;
import org.verifiableai.manifest.Evaluation;
import org.verifiableai.manifest.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code vai manifest claim evaluation}: signs what somebody measured of a model. */
@Command(
        name = "evaluation",
        mixinStandardHelpOptions = true,
        description = {
            "Sign what was measured of a model, and add it to the model's claims.jsonl.",
            "Nothing is measured or verified here. --at is when it was measured; now, unless given."
        })
final class ClaimEvaluation implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final ClaimOptions claims = new ClaimOptions();

    @Option(names = "--evaluator", required = true, paramLabel = "NAME", description = "Who measured.")
    private String evaluator;

    @Option(names = "--suite", required = true, paramLabel = "NAME", description = "What was run.")
    private String suite;

    @Option(
            names = "--data-set-sha256",
            required = true,
            paramLabel = "HEX",
            converter = Converters.Hex.class,
            description = "SHA-256 of the data that the model was asked, 64 hex digits.")
    private Bytes dataSet;

    @Option(
            names = "--metric",
            required = true,
            paramLabel = "NAME=NUMBER",
            converter = MetricConverter.class,
            description = "A number that came out, as a plain decimal. May be given more than once.")
    private List<Metric> metrics = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return claims.append(this::claim, new Output(spec.commandLine(), common.json()));
    }

    private Claim claim(Provenance provenance, ClaimSigner signer) {
        Evaluation.Builder evaluation = Evaluation.of(provenance)
                .evaluator(evaluator)
                .suite(suite)
                .dataSet(dataSet)
                .evaluatedOn(common.clock().instant());
        metrics.forEach(metric -> evaluation.metric(metric.name(), metric.value()));
        return signer.sign(evaluation.build());
    }

    /** A number by its name. */
    record Metric(String name, BigDecimal value) {}

    /** A name and a number with an equals sign between. */
    static final class MetricConverter implements ITypeConverter<Metric> {

        // An exponent could make a short text a very long number, and a claim has none either.
        private static final Pattern FORM = Pattern.compile("(.+)=(-?[0-9]{1,100}(?:\\.[0-9]{1,100})?)");

        @Override
        public Metric convert(String text) {
            Matcher metric = FORM.matcher(text);
            if (!metric.matches()) {
                throw new TypeConversionException(
                        "expected a name and a plain decimal such as accuracy=0.93, found " + text);
            }
            return new Metric(metric.group(1), new BigDecimal(metric.group(2)));
        }
    }
}
