package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.LineageEdge.Relation;

class LineageGraphTest {

    private static final String HOSTILE =
            "a\"]; click n0 \"javascript:alert(1)\"\n%%{init: {}}%%\r\u202e<script>&lt;`b`#35;|\\N\\\"\u001b[2J\u0007é";

    private static Lineage lineage(String folderName, String label) {
        LineageNode.Model model = new LineageNode.Model(Samples.provenance(), Standing.NOT_VERIFIED, folderName);
        LineageNode base = new LineageNode.UnprovenModel(Samples.baseModel().digest());
        LineageNode data = new LineageNode.Data(Samples.dataSet().sha256());
        LineageNode machine =
                new LineageNode.Machine(Bytes.zeros(64), Bytes.utf8("m").sha256());
        LineageNode other = new LineageNode.Machine(
                Bytes.utf8("c").sha256(), Bytes.utf8("m").sha256());
        LineageNode key = new LineageNode.Key(Samples.KEY.spki().sha256());
        return new Lineage(
                List.of(model.digest()),
                List.of(model, base, data, machine, other, key),
                List.of(
                        new LineageEdge(model.id(), Relation.TRAINED_FROM, base.id(), label),
                        new LineageEdge(model.id(), Relation.TRAINED_ON, data.id(), "train"),
                        new LineageEdge(model.id(), Relation.RAN_ON, machine.id(), ""),
                        new LineageEdge(model.id(), Relation.RAN_ON, other.id(), ""),
                        new LineageEdge(model.id(), Relation.SIGNED_BY, key.id(), "")));
    }

    @Test
    void theTreeTellsTheBaseModelLast() {
        Bytes measurement = Bytes.utf8("m").sha256();
        assertThat(LineageGraph.text(lineage("adapter", "urn:base")).lines())
                .containsExactly(
                        "model " + Samples.adapter().dirHash1() + " (adapter), not verified",
                        "+- trained on train: data " + Samples.dataSet().sha256(),
                        "+- ran on: guest " + measurement + " on a chip that hides its identity",
                        "+- ran on: guest " + measurement + " on chip "
                                + Bytes.utf8("c").sha256(),
                        "+- signed by: key " + Samples.KEY.spki().sha256(),
                        "`- trained from urn:base: base model "
                                + Samples.baseModel().digest() + ", origin not proven");
    }

    @Test
    void graphvizAndMermaidHaveEachNodeAndEdgeOnce() {
        String hex = Samples.adapter().dirHash1().hex();
        assertThat(LineageGraph.dot(lineage("adapter", "urn:base")))
                .startsWith("digraph lineage {\n")
                .contains("  n0 [label=\"model adapter\\n" + hex.substring(0, 32) + "\\n" + hex.substring(32)
                        + "\\nnot verified\\n\", style=dashed];\n")
                .contains("  n0 -> n1 [label=\"trained from urn:base\"];\n")
                .contains("  n0 -> n5 [label=\"signed by\"];\n")
                .endsWith("}\n");
        assertThat(LineageGraph.mermaid(lineage("adapter", "urn:base")))
                .startsWith("flowchart TD\n  n0[\"model adapter<br/>" + hex.substring(0, 32))
                .contains("  n0 -->|\"trained from urn#58;base\"| n1\n");
    }

    @Test
    void aHostileNameStaysTextInEveryForm() throws Exception {
        Lineage plain = lineage("x", "x");
        Lineage hostile = lineage(HOSTILE, HOSTILE);

        for (String text : List.of(
                LineageGraph.text(hostile),
                LineageGraph.dot(hostile),
                LineageGraph.mermaid(hostile),
                hostile.toJson())) {
            assertThat(text.codePoints().allMatch(c -> c == '\n' || c == 'é' || (c >= ' ' && c <= '~')))
                    .as(text)
                    .isTrue();
        }
        assertThat(LineageGraph.text(hostile).lines())
                .hasSameSizeAs(LineageGraph.text(plain).lines().toList());
        assertThat(LineageGraph.dot(hostile).lines())
                .hasSameSizeAs(LineageGraph.dot(plain).lines().toList());
        assertThat(LineageGraph.mermaid(hostile).lines())
                .hasSameSizeAs(LineageGraph.mermaid(plain).lines().toList());
        // Outside of quotes, both graphs say the same.
        assertThat(outsideQuotes(LineageGraph.dot(hostile))).isEqualTo(outsideQuotes(LineageGraph.dot(plain)));
        assertThat(outsideQuotes(LineageGraph.mermaid(hostile)))
                .isEqualTo(outsideQuotes(LineageGraph.mermaid(plain)))
                .doesNotContain("click");
        assertThat(LineageGraph.mermaid(hostile)).doesNotContain("<script", "`", "%%", "&", "\\");
        assertThat(LineageGraph.dot(hostile)).contains("&amp;lt;").doesNotContain("&lt;");
        JsonNode json = new ObjectMapper().readTree(hostile.toJson());
        assertThat(json.at("/nodes/0/folder").asText()).isEqualTo(HOSTILE);
        assertThat(json.at("/edges/0/label").asText()).isEqualTo(HOSTILE);
    }

    private static String outsideQuotes(String text) {
        return text.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
    }

    @Test
    void aLongNameIsCutAndAnIdentityIsNot() {
        String text = LineageGraph.text(lineage("n".repeat(10_000), "u".repeat(10_000)));
        assertThat(text)
                .hasSizeLessThan(3000)
                .contains(Samples.adapter().dirHash1().hex(), "nnn...");
    }

    @Test
    void equalGraphsAreEqualTexts() throws Exception {
        assertThat(lineage("a", "b")).isEqualTo(lineage("a", "b"));
        assertThat(lineage("a", "b").toJson()).isEqualTo(lineage("a", "b").toJson());
        JsonNode json = new ObjectMapper().readTree(lineage("a", "b").toJson());
        assertThat(json.get("nodes"))
                .extracting(node -> node.get("kind").asText())
                .containsExactly("model", "unprovenModel", "data", "machine", "machine", "key");
        assertThat(json.at("/edges/2").has("label")).isFalse();
        assertThat(json.at("/models/0").asText())
                .isEqualTo(Samples.adapter().dirHash1().hex());
    }

    @Test
    void aGraphWhoseEdgesLeadNowhereIsRefused() {
        Lineage sound = lineage("a", "b");
        LineageEdge edge = sound.edges().get(0);
        List<LineageNode> twice = new ArrayList<>(sound.nodes());
        twice.add(sound.nodes().get(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lineage(sound.models(), sound.nodes().subList(0, 1), List.of(edge)))
                .withMessageStartingWith("edges: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lineage(sound.models(), sound.nodes().subList(1, 2), List.of(edge)))
                .withMessageStartingWith("edges: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lineage(sound.models(), twice, sound.edges()))
                .withMessageStartingWith("nodes: ");
    }

    @Test
    void manyDataSetsAreDrawnOnceEach() {
        LineageNode.Model model = new LineageNode.Model(Samples.provenance(), Standing.ACCEPTED, "adapter");
        List<LineageNode> nodes = new ArrayList<>(List.of(model));
        List<LineageEdge> edges = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            LineageNode data = new LineageNode.Data(Bytes.utf8("data " + i).sha256());
            nodes.add(data);
            edges.add(new LineageEdge(model.id(), Relation.TRAINED_ON, data.id(), "data-" + i));
        }
        Lineage lineage = new Lineage(List.of(model.digest()), nodes, edges);

        assertThat(LineageGraph.text(lineage).lines()).hasSize(1 + 20_000);
        assertThat(LineageGraph.dot(lineage)).contains("  n0 -> n20000 [label=\"trained on data-19999\"];");
        assertThat(LineageGraph.mermaid(lineage).lines()).hasSize(1 + 1 + 2 * 20_000);
    }
}
