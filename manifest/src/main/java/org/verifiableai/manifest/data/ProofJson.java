package org.verifiableai.manifest.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.StrictBase64;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/** Proofs as JSON. */
final class ProofJson {

    private static final String ROOT = "proof";
    private static final String FORMAT = "vai-dataset-proof/v1";
    private static final int MAX_SIZE = 1 << 20;

    private ProofJson() {}

    static Bytes write(DatasetProof proof) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT)
                .put("alg", RecordTree.ALGORITHM)
                .put("leaf", proof.opening().rule().id())
                .put("records", proof.records())
                .put("path", join(proof.path()));
        if (proof instanceof RangeProof) {
            json.put("first", proof.first()).put("length", proof.length());
        } else {
            json.put("index", proof.first());
        }
        if (proof.opening() instanceof Opening.Salted salted) {
            json.put("salts", join(salted.salts()));
        } else if (proof.opening() instanceof Opening.Contributed contributed) {
            json.put("contributor", contributed.contributor());
        }
        return Jcs.write(json);
    }

    static DatasetProof parse(Bytes text) throws MalformedEvidenceException {
        JsonObject json = JsonObject.of(ROOT, StrictJson.parse(ROOT, text, MAX_SIZE));
        json.requireText("format", FORMAT);
        json.requireText("alg", RecordTree.ALGORITHM);
        Set<String> known = new TreeSet<>(Set.of("format", "alg", "leaf", "records", "path"));
        try {
            Opening opening = opening(json, known);
            long records = json.natural("records");
            List<Bytes> path = hashes(json, "path");
            DatasetProof proof;
            if (json.has("index")) {
                known.add("index");
                proof = new InclusionProof(opening, json.natural("index"), records, path);
            } else {
                known.addAll(Set.of("first", "length"));
                proof = new RangeProof(opening, json.natural("first"), json.natural("length"), records, path);
            }
            json.requireOnly(known);
            return proof;
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(ROOT, "a proof about records", String.valueOf(e.getMessage()));
        }
    }

    private static Opening opening(JsonObject json, Set<String> known) throws MalformedEvidenceException {
        String leaf = json.text("leaf");
        LeafRule rule = LeafRule.of(leaf)
                .orElseThrow(() -> json.wrongMember("leaf", "a leaf rule that this version knows", leaf));
        return switch (rule) {
            case JSONL_RAW -> new Opening.Raw();
            case SALTED -> {
                known.add("salts");
                yield new Opening.Salted(hashes(json, "salts"));
            }
            case CONTRIBUTOR -> {
                known.add("contributor");
                yield new Opening.Contributed(json.text("contributor"));
            }
        };
    }

    private static String join(List<Bytes> hashes) {
        return Bytes.EMPTY.concat(hashes.toArray(Bytes[]::new)).base64();
    }

    private static List<Bytes> hashes(JsonObject json, String name) throws MalformedEvidenceException {
        Bytes all = StrictBase64.decode(json.path() + "." + name, json.text(name));
        if (all.size() % Hashing.SIZE != 0) {
            throw json.wrongMember(name, "hashes of " + Hashing.SIZE + " bytes", all.size() + " bytes");
        }
        List<Bytes> hashes = new ArrayList<>(all.size() / Hashing.SIZE);
        for (int at = 0; at < all.size(); at += Hashing.SIZE) {
            hashes.add(all.slice(at, at + Hashing.SIZE));
        }
        return hashes;
    }
}
