package org.verifiableai.examples.vai.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one run came to.
 *
 * @param folder where everything was left
 * @param before the answer before training
 * @param after the answer after training
 * @param losses the loss of each step
 * @param accepted whether the verifier accepted the genuine model
 * @param facts what verdict and registry establish
 * @param attacks what was tried, and what the verifier said
 * @param shortfalls what did not come out as it should; nothing if all did
 */
record DemoOutcome(
        Path folder,
        String before,
        String after,
        List<Double> losses,
        boolean accepted,
        Map<String, String> facts,
        List<Attacks.Attack> attacks,
        List<String> shortfalls) {

    DemoOutcome {
        losses = List.copyOf(losses);
        facts = Map.copyOf(facts);
        attacks = List.copyOf(attacks);
        shortfalls = List.copyOf(shortfalls);
    }

    /** One JSON object. */
    String toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("folder", folder.toString());
        json.put("before", before).put("after", after);
        json.put("firstLoss", losses.get(0)).put("lastLoss", losses.get(losses.size() - 1));
        json.put("accepted", accepted);
        json.put("modelDigest", facts.get("manifest.model")).put("manifestDigest", facts.get("manifest.digest"));
        json.put("registryEntry", facts.get("registry.entry"));
        ArrayNode tried = json.putArray("attacks");
        for (Attacks.Attack attack : attacks) {
            ArrayNode failed = tried.addObject().put("name", attack.name()).putArray("failed");
            attack.verdict().failures().forEach(check -> failed.add(check.id().name()));
        }
        ArrayNode missed = json.putArray("shortfalls");
        shortfalls.forEach(missed::add);
        return json.toString();
    }
}
