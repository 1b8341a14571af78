package org.verifiableai.manifest;

import java.util.Objects;

/**
 * What one node of a {@link Lineage} has to do with another, by the word of a model's manifest.
 *
 * @param from the model's {@link LineageNode#id()}
 * @param relation what the model has to do with {@code to}
 * @param to the other node's {@link LineageNode#id()}
 * @param label what the manifest calls the other: a base model's URI, a data set's name; else empty
 */
public record LineageEdge(String from, Relation relation, String to, String label) {

    /** Checks that nothing is missing. */
    public LineageEdge {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(relation, "relation");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(label, "label");
    }

    /** What a model has to do with something else. */
    public enum Relation {
        /** Training started from this model. */
        TRAINED_FROM("trainedFrom", "trained from"),

        /** Training was given this data. */
        TRAINED_ON("trainedOn", "trained on"),

        /** The guest that trained was this one, on this machine. */
        RAN_ON("ranOn", "ran on"),

        /** This key signed the manifest. */
        SIGNED_BY("signedBy", "signed by");

        private final String jsonName;
        private final String words;

        Relation(String jsonName, String words) {
            this.jsonName = jsonName;
            this.words = words;
        }

        /** The name in {@link Lineage#toJson()}. */
        public String jsonName() {
            return jsonName;
        }

        /** For people. */
        String words() {
            return words;
        }
    }
}
