package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * The reference values of a Payload. Each Resource is read whole, whether its values are in force or not.
 *
 * @param values indices in force, counted from 0, with their alternatives in order
 * @param names the name of every index
 */
record RimResources(SortedMap<Integer, List<Bytes>> values, SortedMap<Integer, String> names) {

    private static final String SHA384 = "http://www.w3.org/2001/04/xmlenc#sha384";
    private static final int SHA384_SIZE = 48;
    private static final int MAX_INDEX = 63;
    private static final int MAX_RESOURCES = 1024;
    private static final int MAX_NAME = 128;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,5}");
    private static final Pattern HEX = Pattern.compile("([0-9A-Fa-f]{2})*");
    private static final String HASH = "Hash";
    private static final String MINIMUM_SVN = "minSvn";

    static RimResources parse(Element payload) throws MalformedEvidenceException {
        SortedMap<Integer, List<Bytes>> values = new TreeMap<>();
        SortedMap<Integer, String> names = new TreeMap<>();
        List<Element> resources = RimXml.elements(payload);
        if (resources.isEmpty() || resources.size() > MAX_RESOURCES) {
            throw RimXml.malformed("Payload", "1 to " + MAX_RESOURCES + " Resource", "" + resources.size());
        }
        for (Element resource : resources) {
            if (!RimXml.is(resource, RimDocument.SWID, "Resource")) {
                throw RimXml.malformed("Payload", "the element Resource", resource.getNodeName());
            }
            RimXml.children(resource, RimDocument.SWID);
            String type = resource.getAttributeNS(null, "type");
            if (!type.equals("Measurement")) {
                throw RimXml.malformed("Resource.type", "Measurement", type);
            }
            int index = number(resource, "Resource", "index");
            String field = "Resource " + index;
            boolean active = active(field, resource);
            if (names.put(index, name(field, resource)) != null) {
                throw RimXml.malformed("Resource.index", "each index once", index + " a second time");
            }
            if (index > MAX_INDEX) {
                requireNotInForce(field, active);
            } else {
                List<Bytes> alternatives = alternatives(field, resource, active);
                if (active) {
                    values.put(index, alternatives);
                }
            }
        }
        return new RimResources(Collections.unmodifiableSortedMap(values), Collections.unmodifiableSortedMap(names));
    }

    /**
     * Indices above those of measurements stand for opaque data of the versioned layout, whose numbers have a minimum. A
     * manifest that demands one says less than it means to whoever passes over it.
     */
    private static void requireNotInForce(String field, boolean active) throws MalformedEvidenceException {
        if (active) {
            throw RimXml.malformed(
                    field,
                    "an index of 0 to " + MAX_INDEX,
                    "unsupported reference value of opaque data (minimum SVN) in force");
        }
    }

    private static boolean active(String field, Element resource) throws MalformedEvidenceException {
        String text = resource.getAttributeNS(null, "active");
        return switch (text) {
            case "True" -> true;
            case "False" -> false;
            default -> throw RimXml.malformed(field + ".active", "True or False", text);
        };
    }

    private static String name(String field, Element resource) throws MalformedEvidenceException {
        String name = resource.getAttributeNS(null, "name");
        if (name.length() > MAX_NAME) {
            throw RimXml.malformed(field + ".name", "at most " + MAX_NAME + " characters", "" + name.length());
        }
        return name;
    }

    /** Hash0, Hash1 and so on, as many as there are said to be, and no other. */
    private static List<Bytes> alternatives(String field, Element resource, boolean active)
            throws MalformedEvidenceException {
        int count = number(resource, field, "alternatives");
        int size = number(resource, field, "size");
        if (size != SHA384_SIZE) {
            throw RimXml.malformed(field + ".size", SHA384_SIZE + " bytes", Integer.toString(size));
        }
        int hashes = 0;
        for (Attr attribute : RimXml.attributes(resource)) {
            String name = attribute.getLocalName();
            if (name.startsWith(HASH)) {
                hashes++;
            } else if (active && name.equals(MINIMUM_SVN)) {
                throw RimXml.malformed(field, "values to be equal to", "unsupported " + attribute.getNodeName());
            }
        }
        if (count == 0 || hashes != count) {
            throw RimXml.malformed(
                    field + ".alternatives", "as many as there are Hash, at least 1", count + " of " + hashes);
        }
        List<Bytes> alternatives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alternatives.add(hash(field + "." + HASH + i, resource.getAttributeNS(SHA384, HASH + i)));
        }
        return List.copyOf(alternatives);
    }

    private static Bytes hash(String field, String hex) throws MalformedEvidenceException {
        if (hex.length() != 2 * SHA384_SIZE || !HEX.matcher(hex).matches()) {
            throw RimXml.malformed(field, SHA384_SIZE + " bytes in hex", hex.isEmpty() ? "none" : hex);
        }
        return Bytes.fromHex(hex);
    }

    private static int number(Element resource, String field, String attribute) throws MalformedEvidenceException {
        String text = resource.getAttributeNS(null, attribute);
        if (!NUMBER.matcher(text).matches()) {
            throw RimXml.malformed(field + "." + attribute, "a decimal number below 1000000", text);
        }
        return Integer.parseInt(text);
    }
}
