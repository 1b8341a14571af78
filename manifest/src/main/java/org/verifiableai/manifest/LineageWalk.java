package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.Verdict;

/**
 * Follows manifests from models to their base models, level by level, so that a model's depth is its least one. Each model
 * is judged once, however many were trained from it. Notes what is wrong with the way, and leaves it to others to conclude
 * something. Not thread-safe: one walk, one object.
 */
final class LineageWalk {

    /** What comes of one folder. */
    interface Judge {
        /** Judges under the policy for that digest and depth; null where nothing is judged. */
        @Nullable
        Verdict<Provenance> judge(Path folder, Bytes digest, int depth) throws EvidenceUnavailableException;
    }

    private final ModelSource source;
    private final Judge judge;
    private final int maxDepth;
    private final int maxModels;

    private final List<LineageStep> steps = new ArrayList<>();
    private final Map<Bytes, LineageStep> models = new LinkedHashMap<>();
    private final Set<Bytes> subjects = new LinkedHashSet<>();
    private final Set<Bytes> origins = new LinkedHashSet<>();
    private final Map<CheckId, List<String>> findings = new HashMap<>();
    private final Set<Bytes> stopped = new HashSet<>();

    LineageWalk(ModelSource source, Judge judge, int maxDepth, int maxModels) {
        this.source = source;
        this.judge = judge;
        this.maxDepth = maxDepth;
        this.maxModels = maxModels;
    }

    void run(List<Path> folders) throws EvidenceUnavailableException {
        for (Path folder : folders) {
            subject(folder);
        }
        Deque<LineageStep> queue = new ArrayDeque<>(models.values());
        while (!queue.isEmpty()) {
            LineageStep base = base(queue.remove());
            if (base != null) {
                queue.add(base);
            }
        }
    }

    /** Every folder that was judged, in the order of the walk. */
    List<LineageStep> steps() {
        return steps;
    }

    /** The models asked about whose manifests can be read, by digest. */
    List<Bytes> subjects() {
        return List.copyOf(subjects);
    }

    /** The models whose manifests can be read and are about them, in the order of the walk. */
    Collection<LineageStep> models() {
        return models.values();
    }

    /** The base models of which the source knows no manifest. */
    Set<Bytes> origins() {
        return origins;
    }

    /** What speaks against {@link LineageChecks#IDENTITY}, {@link LineageChecks#DEPTH} or {@link LineageChecks#SIZE}. */
    List<String> findings(CheckId check) {
        return findings.getOrDefault(check, List.of());
    }

    /** Whether a manifest that should lead on cannot be read. */
    boolean isCut() {
        return steps.stream().anyMatch(step -> step.provenance() == null);
    }

    /** What the model was trained from, by its manifest. */
    static BaseModel baseOf(LineageStep model) {
        return provenanceOf(model).job().baseModel();
    }

    /** What the manifest of a model that is in {@link #models()} says. */
    static Provenance provenanceOf(LineageStep model) {
        Provenance provenance = model.provenance();
        if (provenance == null) {
            throw new IllegalStateException("only a model with a manifest is followed");
        }
        return provenance;
    }

    /** Each ring of models that were trained from one another. */
    List<String> cycles() {
        List<String> cycles = new ArrayList<>();
        Set<Bytes> done = new HashSet<>();
        for (Bytes start : models.keySet()) {
            Set<Bytes> way = new LinkedHashSet<>();
            Bytes at = start;
            LineageStep model = models.get(at);
            while (model != null && !done.contains(at) && way.add(at)) {
                at = baseOf(model).digest();
                model = models.get(at);
            }
            if (way.contains(at)) {
                cycles.add(ring(way, at));
            }
            done.addAll(way);
        }
        return cycles;
    }

    private static String ring(Set<Bytes> way, Bytes at) {
        StringBuilder ring = new StringBuilder("expected no model among those it was trained from, found ");
        boolean inside = false;
        for (Bytes model : way) {
            inside |= model.equals(at);
            if (inside) {
                ring.append(model).append(" trained from ");
            }
        }
        return ring.append(at).toString();
    }

    /** Each training that began before its base model was there, by more than {@code skew}. */
    List<String> anachronisms(Duration skew) {
        List<String> found = new ArrayList<>();
        for (LineageStep model : models.values()) {
            LineageStep base = models.get(baseOf(model).digest());
            if (base == null) {
                continue;
            }
            Provenance later = provenanceOf(model);
            Provenance earlier = provenanceOf(base);
            // A guest's clock may say any instant that there is, and a difference of two is always a duration.
            if (Duration.between(later.startedOn(), earlier.finishedOn()).compareTo(skew) > 0) {
                found.add(model.name() + ": expected training to begin no more than " + skew + " before "
                        + earlier.finishedOn() + ", when the manifest of its base model " + earlier.modelDigest()
                        + " was signed, found " + later.startedOn());
            }
        }
        return found;
    }

    private void subject(Path folder) throws EvidenceUnavailableException {
        if (isFull("the model in " + folder)) {
            return;
        }
        LineageStep step = judge(folder, null, 0);
        Provenance provenance = step.provenance();
        if (provenance == null || !isAsJudged(step)) {
            return;
        }
        subjects.add(provenance.modelDigest());
        LineageStep earlier = models.putIfAbsent(provenance.modelDigest(), step);
        if (earlier != null && !provenanceOf(earlier).equals(provenance)) {
            finding(
                    LineageChecks.IDENTITY,
                    step.name() + ": expected one manifest, found "
                            + provenanceOf(earlier).manifestDigest() + " and " + provenance.manifestDigest());
        }
    }

    /** Goes on from a model to the one that it was trained from; null if that leads no further, or has been seen. */
    private @Nullable LineageStep base(LineageStep model) throws EvidenceUnavailableException {
        Bytes digest = baseOf(model).digest();
        if (models.containsKey(digest) || origins.contains(digest) || stopped.contains(digest)) {
            return null;
        }
        Optional<Path> folder = source.folder(digest);
        if (folder.isEmpty()) {
            origins.add(digest);
            return null;
        }
        stopped.add(digest);
        int depth = model.depth() + 1;
        if (depth > maxDepth) {
            finding(
                    LineageChecks.DEPTH,
                    "model " + digest + ": expected no model with a manifest at a depth above " + maxDepth
                            + ", found one at " + depth);
            return null;
        }
        if (isFull("model " + digest)) {
            return null;
        }
        Optional<Provenance> stated = statedBy(folder.get());
        // A folder that is not even said to be the right one is not worth reading.
        if (stated.isPresent() && !stated.get().modelDigest().equals(digest)) {
            other(digest, stated.get());
            return null;
        }
        LineageStep step = judge(folder.get(), digest, depth);
        if (step.provenance() == null || !isAsJudged(step)) {
            return null;
        }
        stopped.remove(digest);
        models.put(digest, step);
        return step;
    }

    private LineageStep judge(Path folder, @Nullable Bytes asked, int depth) throws EvidenceUnavailableException {
        Provenance provenance = statedBy(folder).orElse(null);
        Bytes digest = asked;
        if (digest == null) {
            digest = provenance == null ? Bytes.EMPTY : provenance.modelDigest();
        }
        Verdict<Provenance> verdict = judge.judge(folder, digest, depth);
        if (verdict instanceof Verdict.Accepted<Provenance> accepted) {
            provenance = accepted.verified().value();
        }
        LineageStep step = new LineageStep(folder, depth, digest, provenance, verdict);
        steps.add(step);
        return step;
    }

    // The policy was chosen by what the manifest stated before it was verified; the folder may have changed since.
    private boolean isAsJudged(LineageStep step) {
        Provenance provenance = provenanceOf(step);
        if (provenance.modelDigest().equals(step.judgedAs())) {
            return true;
        }
        other(step.judgedAs(), provenance);
        return false;
    }

    private void other(Bytes expected, Provenance found) {
        finding(
                LineageChecks.IDENTITY,
                "model " + expected + ": expected its manifest, found that of " + found.modelDigest());
    }

    private boolean isFull(String next) {
        boolean full = steps.size() >= maxModels;
        if (full) {
            finding(
                    LineageChecks.SIZE,
                    next + ": expected at most " + maxModels + " models with manifests, found one more");
        }
        return full;
    }

    private void finding(CheckId check, String message) {
        findings.computeIfAbsent(check, id -> new ArrayList<>()).add(message);
    }

    private static Optional<Provenance> statedBy(Path folder) throws EvidenceUnavailableException {
        try {
            return ModelDirectories.statedBy(folder);
        } catch (IOException e) {
            throw new EvidenceUnavailableException("cannot read " + folder + ": " + e.getMessage(), false, e);
        }
    }
}
