package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * Where models come from: a graph of models, the data that they were trained on, the machines on which that happened and
 * the keys that signed it. Immutable; the order of nodes and edges follows from the manifests alone.
 *
 * <p>A value of this type proves nothing. A {@code Verified<Lineage>} does, as far as the {@link Standing} of each of its
 * models goes: there it is {@link Standing#ACCEPTED} for all. A {@link LineageNode.UnprovenModel} is where the proof ends
 * in either case.
 *
 * @param models the digests of the models asked about, in the order of asking
 * @param nodes each thing once: models, those nearest to the ones asked about first, each before the data, machine and key
 *     that its manifest names; then the unproven models
 * @param edges what models have to do with other nodes, in the order of the models
 */
public record Lineage(List<Bytes> models, List<LineageNode> nodes, List<LineageEdge> edges) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if two nodes have one {@link LineageNode#id()}, or if an edge leads from or to none
     */
    public Lineage {
        models = List.copyOf(models);
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        Set<String> ids = new HashSet<>();
        for (LineageNode node : nodes) {
            if (!ids.add(node.id())) {
                throw new IllegalArgumentException("nodes: expected each once, found twice " + node.id());
            }
        }
        for (LineageEdge edge : edges) {
            if (!ids.contains(edge.from()) || !ids.contains(edge.to())) {
                throw new IllegalArgumentException("edges: expected those between nodes, found " + edge);
            }
        }
    }

    /**
     * Follows manifests without verifying anything: what anybody could have written. Each model has the standing
     * {@link Standing#NOT_VERIFIED}. A model whose manifest cannot be read or is about another one is an unproven one, and
     * so is whatever is beyond {@link LineagePolicy#DEFAULT_MAX_MODELS} models.
     *
     * @param folder the model's folder
     * @param source where its base models can be had
     * @throws MalformedEvidenceException if the folder's own manifest cannot be read
     * @throws EvidenceUnavailableException if something cannot be read
     */
    public static Lineage read(Path folder, ModelSource source)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        try {
            Provenance own = new ManifestFolder(folder).manifest().provenance();
            LineageWalk walk = new LineageWalk(
                    source,
                    (model, digest, depth) -> null,
                    LineagePolicy.DEFAULT_MAX_MODELS,
                    LineagePolicy.DEFAULT_MAX_MODELS);
            walk.run(List.of(folder));
            if (!walk.subjects().equals(List.of(own.modelDigest()))) {
                throw new EvidenceUnavailableException(
                        "the manifest in " + folder + " changed while it was read", true);
            }
            return LineageBuilder.build(walk);
        } catch (IOException e) {
            throw new EvidenceUnavailableException("cannot read " + folder + ": " + e.getMessage(), false, e);
        }
    }

    /** The node with that {@link LineageNode#id()}; empty if there is none. */
    public Optional<LineageNode> node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    /** The edges that leave the node with that {@link LineageNode#id()}, in order. */
    public List<LineageEdge> edgesFrom(String id) {
        return edges.stream().filter(edge -> edge.from().equals(id)).toList();
    }

    /**
     * One JSON object: {@code models}, the digests asked about; {@code nodes}, objects of {@code id}, {@code kind} and what
     * that kind has; {@code edges}, objects of {@code from}, {@code relation}, {@code to} and {@code label}. ASCII; equal
     * graphs are equal texts.
     */
    public String toJson() {
        return LineageJson.write(LineageJson.lineage(this));
    }
}
