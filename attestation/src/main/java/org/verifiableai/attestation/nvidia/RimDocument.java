package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.w3c.dom.Element;

/**
 * The elements of a manifest, each found in its one place: a SWID tag (ISO/IEC 19770-2:2015) with one Meta, one Payload and
 * one enveloped signature. Everything is read from the root, which is the very element that the signature covers.
 *
 * <p>An element that is not known may mean anything, so it is refused. An attribute that is not known describes, so it is
 * let pass, except inside the signature and where {@link RimResources} says otherwise.
 *
 * @param root the SoftwareIdentity
 * @param meta the Meta
 * @param payload the Payload
 * @param signature the Signature
 */
record RimDocument(Element root, Element meta, Element payload, SignatureElement signature) {

    static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";

    // Who made it and what belongs to it: nothing that a measurement is compared with.
    private static final Set<String> DESCRIPTIVE = Set.of("Entity", "Link");

    static RimDocument parse(Bytes xml) throws MalformedEvidenceException {
        Element root = RimXml.parse(xml).getDocumentElement();
        if (!RimXml.is(root, SWID, "SoftwareIdentity")) {
            throw RimXml.malformed("rim", "{" + SWID + "}SoftwareIdentity", root.getNodeName());
        }
        // Wrapping a signature takes a second one, or one in another place.
        int signatures =
                root.getElementsByTagNameNS(SignatureElement.DSIG, "Signature").getLength();
        if (signatures != 1) {
            throw RimXml.malformed("Signature", "one in the whole document", Integer.toString(signatures));
        }
        List<Element> metas = new ArrayList<>();
        List<Element> payloads = new ArrayList<>();
        List<Element> enveloped = new ArrayList<>();
        for (Element child : RimXml.elements(root)) {
            if (RimXml.is(child, SignatureElement.DSIG, "Signature")) {
                enveloped.add(child);
            } else if (RimXml.is(child, SWID, "Payload")) {
                payloads.add(child);
            } else if (RimXml.is(child, SWID, "Meta")) {
                RimXml.children(child, SWID);
                metas.add(child);
            } else if (SWID.equals(child.getNamespaceURI()) && DESCRIPTIVE.contains(child.getLocalName())) {
                RimXml.children(child, SWID);
            } else {
                throw RimXml.malformed(
                        "SoftwareIdentity",
                        "the elements Entity, Link, Meta, Payload and Signature",
                        child.getNodeName());
            }
        }
        requireWhole(root);
        return new RimDocument(
                root,
                RimXml.only("Meta", "one", metas),
                RimXml.only("Payload", "one", payloads),
                SignatureElement.parse(RimXml.only("Signature", "one that is a child of the root", enveloped)));
    }

    /** ISO/IEC 19770-2, 8.6.1: a tag may also be only about a patch, an installer or another tag. */
    private static void requireWhole(Element root) throws MalformedEvidenceException {
        for (String part : List.of("patch", "supplemental", "corpus")) {
            String value = root.getAttributeNS(null, part);
            if (!value.isEmpty() && !value.equals("false")) {
                throw RimXml.malformed("SoftwareIdentity." + part, "false", value);
            }
        }
    }
}
