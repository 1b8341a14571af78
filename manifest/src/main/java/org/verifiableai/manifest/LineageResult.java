package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verdict;

/**
 * What a {@link LineageVerifier} concluded: one verdict over the whole, and beside it the verdict on each model and the
 * graph. Immutable.
 *
 * <p>The verdict decides. The rest is for people and for records; it is there in a rejection too, where nothing in it is
 * proven beyond the standing of each model.
 *
 * @param verdict the verdict over the whole
 * @param lineage the graph of what was found; the verdict's own value where that is an acceptance
 * @param models the verdict on each folder that was judged, those asked about first
 */
public record LineageResult(Verdict<Lineage> verdict, Lineage lineage, List<ModelVerdict> models) {

    /** Copies {@code models}. */
    public LineageResult {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(lineage, "lineage");
        models = List.copyOf(models);
    }

    /**
     * The verdict on one model.
     *
     * @param folder where it was
     * @param modelDigest the digest by which it was asked for, or else that its manifest states; empty if it states none
     * @param depth the number of trainings between it and the nearest of the models asked about
     * @param verdict what {@link ProvenanceVerifier} concluded
     */
    public record ModelVerdict(Path folder, Optional<Bytes> modelDigest, int depth, Verdict<Provenance> verdict) {

        /** Checks that nothing is missing. */
        public ModelVerdict {
            Objects.requireNonNull(folder, "folder");
            Objects.requireNonNull(modelDigest, "modelDigest");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    /**
     * The verdict's JSON, as {@link Verdict#toJson()} has it, with {@code models} and {@code lineage} as further members:
     * an array of objects of {@code folder}, {@code model} where it is known, {@code depth} and the members of a verdict;
     * and {@link Lineage#toJson()}.
     */
    public String toJson() {
        ObjectNode root = LineageJson.verdict(verdict);
        ArrayNode judged = root.putArray("models");
        for (ModelVerdict model : models) {
            ObjectNode written = judged.addObject().put("folder", model.folder().toString());
            model.modelDigest().ifPresent(digest -> written.put("model", digest.hex()));
            written.put("depth", model.depth());
            written.setAll(LineageJson.verdict(model.verdict()));
        }
        root.set("lineage", LineageJson.lineage(lineage));
        return LineageJson.write(root);
    }
}
