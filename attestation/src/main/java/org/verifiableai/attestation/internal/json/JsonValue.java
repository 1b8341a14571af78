package org.verifiableai.attestation.internal.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One value of JSON (RFC 8259), with what hashing and comparing it needs: the order of members, and numbers as written. */
public sealed interface JsonValue {

    /** What kind of value it is, for messages: such as {@code an object}. */
    String kind();

    /**
     * An object.
     *
     * @param members the values by their names, in the order in which they are written
     */
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {

        /** Copies {@code members} and keeps their order. */
        public JsonObject {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The value of a member, and nothing where it is absent or null. */
        public Optional<JsonValue> get(String name) {
            return Optional.ofNullable(members.get(name)).filter(value -> value != JsonNull.NULL);
        }

        @Override
        public String kind() {
            return "an object";
        }
    }

    /**
     * An array.
     *
     * @param elements its values
     */
    record JsonArray(List<JsonValue> elements) implements JsonValue {

        /** Copies {@code elements}. */
        public JsonArray {
            elements = List.copyOf(elements);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /**
     * A text.
     *
     * @param value its characters; a lone surrogate is legal in JSON and stands here as it does there
     */
    record JsonText(String value) implements JsonValue {

        /** Wants a value. */
        public JsonText {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String kind() {
            return "a text";
        }
    }

    /**
     * A number.
     *
     * @param lexeme the number as it is written
     */
    record JsonNumber(String lexeme) implements JsonValue {

        /** Wants a lexeme. */
        public JsonNumber {
            Objects.requireNonNull(lexeme, "lexeme");
        }

        /** Whether it is written without a fraction and an exponent. */
        public boolean isWhole() {
            return lexeme.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        }

        @Override
        public String kind() {
            return "a number";
        }
    }

    /**
     * True or false.
     *
     * @param value which
     */
    record JsonTruth(boolean value) implements JsonValue {

        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    /** Null. */
    enum JsonNull implements JsonValue {
        /** The only one. */
        NULL;

        @Override
        public String kind() {
            return "null";
        }
    }
}
