package org.verifiableai.manifest;

import static org.verifiableai.manifest.LineageChecks.BASE;
import static org.verifiableai.manifest.LineageChecks.CYCLE;
import static org.verifiableai.manifest.LineageChecks.DEPTH;
import static org.verifiableai.manifest.LineageChecks.IDENTITY;
import static org.verifiableai.manifest.LineageChecks.MODEL;
import static org.verifiableai.manifest.LineageChecks.SIZE;
import static org.verifiableai.manifest.LineageChecks.TIME;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;

/** One run of {@link LineageVerifier}. Not thread-safe. */
final class LineageAppraisal {

    private static final int MAX_NAMED = 4;

    private final LineagePolicy policy;
    private final LineageWalk walk;
    private final Appraisal appraisal = new Appraisal();

    LineageAppraisal(ProvenanceVerifier verifier, ModelSource source, LineagePolicy policy) {
        this.policy = policy;
        this.walk = new LineageWalk(
                source,
                (folder, digest, depth) -> verifier.verify(folder, policy.policy(digest, depth)),
                policy.maxDepth(),
                policy.maxModels());
    }

    LineageResult run(List<Path> folders) throws EvidenceUnavailableException {
        walk.run(folders);
        models();
        List<String> cycles = walk.cycles();
        Optional<CheckId> stop = stop();
        enter(IDENTITY, walk.findings(IDENTITY), Optional.empty(), "each manifest is the one manifest of its model");
        bases(stop.or(() -> cycles.isEmpty() ? Optional.empty() : Optional.of(CYCLE)));
        enter(CYCLE, cycles, stop, "no model is among those that it was trained from");
        enter(DEPTH, walk.findings(DEPTH), stop, "no model with a manifest beyond depth " + policy.maxDepth());
        enter(SIZE, walk.findings(SIZE), stop, walk.steps().size() + " models of at most " + policy.maxModels());
        times(stop);
        Lineage lineage = LineageBuilder.build(walk);
        facts(lineage);
        return new LineageResult(appraisal.verdict(lineage), lineage, verdicts());
    }

    private void models() {
        List<String> rejected = new ArrayList<>();
        for (LineageStep step : walk.steps()) {
            if (!step.accepted()) {
                rejected.add(step.name() + " at depth " + step.depth() + ": expected every check to pass, found failed "
                        + failures(step));
            }
        }
        enter(MODEL, rejected, Optional.empty(), walk.steps().size() + " models, each accepted under its policy");
    }

    private static String failures(LineageStep step) {
        Verdict<Provenance> verdict = step.verdict();
        return verdict == null
                ? "all of them"
                : verdict.failures().stream()
                        .map(CheckResult::id)
                        .map(CheckId::name)
                        .collect(Collectors.joining(", "));
    }

    /** The check that says why the walk went no further somewhere; what was not walked is not known to be sound. */
    private Optional<CheckId> stop() {
        if (walk.isCut()) {
            return Optional.of(MODEL);
        }
        return Stream.of(IDENTITY, DEPTH, SIZE)
                .filter(check -> !walk.findings(check).isEmpty())
                .findFirst();
    }

    private void bases(Optional<CheckId> stop) {
        List<String> unnamed = new ArrayList<>();
        for (LineageStep model : walk.models()) {
            Bytes base = LineageWalk.baseOf(model).digest();
            boolean named =
                    policy.policy(model.judgedAs(), model.depth()).baseModels().contains(base);
            if (walk.origins().contains(base) && !named) {
                unnamed.add(model.name() + ": expected a manifest of its base model " + base
                        + " or a policy that names that, found neither");
            }
        }
        Optional<String> waiver = policy.originWaiver();
        if (!unnamed.isEmpty() && waiver.isPresent()) {
            appraisal.waive(BASE, waiver.get() + " (" + join(unnamed) + ")");
            return;
        }
        enter(
                BASE,
                unnamed,
                stop,
                walk.origins().size()
                        + " base models without manifest, each named by the policies of those trained from it");
    }

    private void times(Optional<CheckId> stop) {
        Optional<String> waiver = policy.timeWaiver();
        if (waiver.isPresent()) {
            appraisal.waive(TIME, waiver.get());
            return;
        }
        enter(
                TIME,
                walk.anachronisms(policy.clockSkew()),
                stop,
                "no training began before the manifest of its base model was signed, give or take "
                        + policy.clockSkew());
    }

    private void enter(CheckId check, List<String> findings, Optional<CheckId> blocker, String ifPassed) {
        if (!findings.isEmpty()) {
            appraisal.fail(check, join(findings));
        } else if (blocker.isPresent()) {
            appraisal.block(check, blocker.get());
        } else {
            appraisal.pass(check, ifPassed);
        }
    }

    private void facts(Lineage lineage) {
        appraisal.fact("lineage.models", hex(lineage.models()));
        appraisal.fact("lineage.count", walk.models().size());
        appraisal.fact("lineage.origins", hex(List.copyOf(walk.origins())));
    }

    private List<LineageResult.ModelVerdict> verdicts() {
        List<LineageResult.ModelVerdict> verdicts = new ArrayList<>();
        for (LineageStep step : walk.steps()) {
            Verdict<Provenance> verdict = step.verdict();
            if (verdict != null) {
                Optional<Bytes> digest = step.judgedAs().isEmpty() ? Optional.empty() : Optional.of(step.judgedAs());
                verdicts.add(new LineageResult.ModelVerdict(step.folder(), digest, step.depth(), verdict));
            }
        }
        return verdicts;
    }

    private static String hex(List<Bytes> digests) {
        return digests.stream().map(Bytes::hex).collect(Collectors.joining(" "));
    }

    private static String join(List<String> findings) {
        String named = String.join("; ", findings.subList(0, Math.min(MAX_NAMED, findings.size())));
        int more = findings.size() - MAX_NAMED;
        return more > 0 ? named + "; and " + more + " more" : named;
    }
}
