package org.verifiableai.attestation.internal.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * A distinguished name. Two names are the same only if their encodings are: a chain in which they are spelled differently
 * is not one of the chains that we know.
 *
 * @param encoded the name as received
 * @param attributes type and value of each attribute, in order
 */
public record Name(Bytes encoded, List<Attribute> attributes) {

    private static final String COMMON_NAME = "2.5.4.3";
    private static final int MAX_ATTRIBUTES = 32;

    /**
     * One attribute.
     *
     * @param type its dotted identifier
     * @param value its text
     */
    public record Attribute(String type, String value) {}

    /** Copies {@code attributes}. */
    public Name {
        attributes = List.copyOf(attributes);
    }

    static Name read(String field, Der parent) throws MalformedEvidenceException {
        Bytes encoded = parent.raw(field);
        Der name = Der.of(encoded).enter(field, Der.SEQUENCE);
        List<Attribute> attributes = new ArrayList<>();
        while (!name.atEnd()) {
            Der set = name.enter(field, Der.SET);
            while (!set.atEnd()) {
                Der attribute = set.enter(field, Der.SEQUENCE);
                String type = attribute.oid(field);
                attributes.add(new Attribute(type, text(field, attribute)));
                attribute.end(field);
                if (attributes.size() > MAX_ATTRIBUTES) {
                    throw new MalformedEvidenceException(
                            field, parent.offset(), "at most " + MAX_ATTRIBUTES + " attributes", "more");
                }
            }
        }
        return new Name(encoded, attributes);
    }

    /** The first common name. */
    public Optional<String> commonName() {
        return attributes.stream()
                .filter(a -> a.type().equals(COMMON_NAME))
                .map(Attribute::value)
                .findFirst();
    }

    private static String text(String field, Der attribute) throws MalformedEvidenceException {
        Der value = Der.of(attribute.raw(field));
        for (int tag : new int[] {0x0C, 0x13, 0x16, 0x14}) { // UTF8, Printable, IA5 and Teletex strings
            if (value.next(tag)) {
                return new String(value.content(field, tag).toByteArray(), StandardCharsets.UTF_8);
            }
        }
        return value.rest().hex();
    }

    @Override
    public String toString() {
        return attributes.stream()
                .map(a -> (a.type().equals(COMMON_NAME) ? "CN" : a.type()) + "=" + a.value())
                .collect(Collectors.joining(","));
    }
}
