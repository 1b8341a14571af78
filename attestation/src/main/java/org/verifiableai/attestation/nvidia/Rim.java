package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.w3c.dom.Element;

/**
 * A reference integrity manifest: the values that NVIDIA says a driver or a firmware image measures to. A SWID tag (ISO/IEC
 * 19770-2:2015) in TCG's profile, with an enveloped XML signature. Immutable.
 *
 * <p>A parsed manifest is a claim and no more. Whether NVIDIA signed it is for {@link GpuVerifier} to find out: neither a
 * sound signature nor a certificate that came with the document says so by itself. NVIDIA signs one manifest again under
 * a new certificate before the old one expires, so equal values may come in different bytes.
 */
public final class Rim {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]{1,64}");
    private static final int MAX_TEXT = 256;

    private final Bytes xml;
    private final String version;
    private final String product;
    private final String edition;
    private final String tagId;
    private final RimResources resources;
    private final List<Bytes> certificates;

    private Rim(Bytes xml, RimDocument document) throws MalformedEvidenceException {
        this.xml = xml;
        this.version = name("Meta", document.meta(), "colloquialVersion");
        this.product = name("Meta", document.meta(), "product");
        this.edition = text("Meta", document.meta(), "edition");
        this.tagId = text("SoftwareIdentity", document.root(), "tagId");
        String payloadType = text("Meta", document.meta(), "PayloadType");
        if (!payloadType.isEmpty() && !payloadType.equals("direct")) {
            throw RimXml.malformed("Meta.PayloadType", "direct, values in the document itself", payloadType);
        }
        this.resources = RimResources.parse(document.payload());
        this.certificates = document.signature().certificates();
    }

    /**
     * Reads a manifest.
     *
     * <p>Refused are: more than 512 KiB, another encoding than UTF-8, any document type and hence every entity but XML's
     * own, another root than SWID's, a second signature or one elsewhere than right below the root, elements that are not
     * known, a part where a whole manifest is expected, and resources whose index, state, size, count or values are not
     * exactly what they have to be. Values of opaque data that are in force (indices above 63, minimum SVN) are refused by
     * name, since nothing here compares them.
     *
     * @param xml the document
     * @throws MalformedEvidenceException if {@code xml} is anything else
     */
    public static Rim parse(Bytes xml) throws MalformedEvidenceException {
        return of(xml, RimDocument.parse(xml));
    }

    /** The manifest that {@code document} is, which was read from {@code xml}. */
    static Rim of(Bytes xml, RimDocument document) throws MalformedEvidenceException {
        return new Rim(xml, document);
    }

    /** The whole document as it was parsed. */
    public Bytes xml() {
        return xml;
    }

    /**
     * The version of what was measured, as written: a driver's, such as {@code 550.90.07}, or a firmware image's, such as
     * {@code 96.00.9F.00.01}, whose hex digits may be of either case.
     */
    public String version() {
        return version;
    }

    /** The product, such as {@code GH100}, {@code GB100} or {@code LS10}. */
    public String product() {
        return product;
    }

    /** The edition, {@code GPU} or {@code SWITCH}; empty where the document states none. */
    public String edition() {
        return edition;
    }

    /** The tag's own identifier; empty where the document states none. It is not the {@link RimId}. */
    public String tagId() {
        return tagId;
    }

    /**
     * The reference values in force: index, counted from 0, to the values of 48 bytes of which one must be found. Index 0
     * is what a report has at index 1.
     */
    public SortedMap<Integer, List<Bytes>> referenceValues() {
        return resources.values();
    }

    /** The name of each index, in force or not. */
    public SortedMap<Integer, String> names() {
        return resources.names();
    }

    /** The certificates that came with the document, DER, leaf first and root last; at least one. */
    public List<Bytes> certificates() {
        return certificates;
    }

    private static String name(String field, Element element, String attribute) throws MalformedEvidenceException {
        String text = element.getAttributeNS(null, attribute);
        if (!NAME.matcher(text).matches()) {
            throw RimXml.malformed(
                    field + "." + attribute, "1 to 64 letters, digits, dots, hyphens and underscores", text);
        }
        return text;
    }

    private static String text(String field, Element element, String attribute) throws MalformedEvidenceException {
        String text = element.getAttributeNS(null, attribute);
        if (text.length() > MAX_TEXT) {
            throw RimXml.malformed(field + "." + attribute, "at most " + MAX_TEXT + " characters", text);
        }
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rim that && xml.equals(that.xml);
    }

    @Override
    public int hashCode() {
        return xml.hashCode();
    }

    @Override
    public String toString() {
        return "Rim[" + product + " version=" + version + " sha256=" + xml.sha256() + "]";
    }
}
