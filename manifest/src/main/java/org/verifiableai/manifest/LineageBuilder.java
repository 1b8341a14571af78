package org.verifiableai.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.manifest.LineageEdge.Relation;

/** Makes the graph of what a walk has seen. */
final class LineageBuilder {

    private final Map<String, LineageNode> nodes = new LinkedHashMap<>();
    private final List<LineageEdge> edges = new ArrayList<>();

    private LineageBuilder() {}

    static Lineage build(LineageWalk walk) throws EvidenceUnavailableException {
        LineageBuilder builder = new LineageBuilder();
        for (LineageStep step : walk.models()) {
            builder.model(step);
        }
        for (LineageStep step : walk.models()) {
            // Where the model was followed, its node is there already, under the same name.
            builder.add(new LineageNode.UnprovenModel(LineageWalk.baseOf(step).digest()));
        }
        return new Lineage(walk.subjects(), List.copyOf(builder.nodes.values()), builder.edges);
    }

    private void model(LineageStep step) throws EvidenceUnavailableException {
        Provenance provenance = LineageWalk.provenanceOf(step);
        LineageNode.Model model = new LineageNode.Model(provenance, standing(step), nameOf(step.folder()));
        add(model);
        BaseModel base = provenance.job().baseModel();
        String baseId = LineageNode.modelId(base.digest());
        edges.add(new LineageEdge(model.id(), Relation.TRAINED_FROM, baseId, base.uri()));
        for (DataSet data : provenance.job().dataSets()) {
            edge(model, Relation.TRAINED_ON, new LineageNode.Data(data.sha256()), data.name());
        }
        Optional<LineageNode.Machine> machine = machine(step.folder(), provenance);
        if (machine.isPresent()) {
            edge(model, Relation.RAN_ON, machine.get(), "");
        }
        edge(model, Relation.SIGNED_BY, new LineageNode.Key(provenance.key().fingerprint()), "");
    }

    private void edge(LineageNode from, Relation relation, LineageNode to, String label) {
        add(to);
        edges.add(new LineageEdge(from.id(), relation, to.id(), label));
    }

    private void add(LineageNode node) {
        nodes.putIfAbsent(node.id(), node);
    }

    private static Standing standing(LineageStep step) {
        if (step.verdict() == null) {
            return Standing.NOT_VERIFIED;
        }
        return step.accepted() ? Standing.ACCEPTED : Standing.REJECTED;
    }

    private static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    // The manifest names the report by its digest, so that this is the report that was verified with it.
    private static Optional<LineageNode.Machine> machine(Path folder, Provenance provenance)
            throws EvidenceUnavailableException {
        for (EvidenceReference reference : provenance.evidence()) {
            if (!reference.name().equals(ManifestEvidence.REPORT)) {
                continue;
            }
            try {
                Bytes bytes = new ManifestFolder(folder).evidence(reference.sha256());
                SnpReport report = SnpReport.parse(bytes);
                return Optional.of(new LineageNode.Machine(report.chipId(), report.measurement()));
            } catch (MalformedEvidenceException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new EvidenceUnavailableException("cannot read " + folder + ": " + e.getMessage(), false, e);
            }
        }
        return Optional.empty();
    }
}
