package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * A ds:Signature (XML Signature Syntax and Processing 1.1) of the one shape that manifests have: one Reference, and the
 * certificates of the signer. Nothing is decided here; what it names is as it stands there.
 *
 * @param element where it stands
 * @param signedInfo the SignedInfo, which is what the key signs
 * @param canonicalization how the SignedInfo becomes bytes
 * @param method how those bytes are signed
 * @param uri what the Reference refers to
 * @param transforms its transforms in order
 * @param digest its digest method
 * @param value the signature
 * @param certificates the signer's certificates, DER, leaf first, at least one
 */
record SignatureElement(
        Element element,
        Element signedInfo,
        String canonicalization,
        String method,
        String uri,
        List<String> transforms,
        String digest,
        Bytes value,
        List<Bytes> certificates) {

    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";

    private static final int MAX_CERTIFICATES = 8;

    static SignatureElement parse(Element element) throws MalformedEvidenceException {
        List<Element> parts = children(element, "SignedInfo", "SignatureValue", "KeyInfo");
        Element signedInfo = parts.get(0);
        List<Element> signed = children(signedInfo, "CanonicalizationMethod", "SignatureMethod", "Reference");
        Element reference = signed.get(2);
        List<Element> referred = children(reference, "Transforms", "DigestMethod", "DigestValue");
        List<String> transforms = new ArrayList<>();
        for (Element transform : RimXml.elements(named(referred.get(0)))) {
            if (!RimXml.is(transform, DSIG, "Transform")) {
                throw RimXml.malformed("Transforms", "the element Transform", transform.getNodeName());
            }
            transforms.add(algorithm(transform));
        }
        base64(referred.get(2));
        return new SignatureElement(
                named(element),
                named(signedInfo),
                algorithm(signed.get(0)),
                algorithm(signed.get(1)),
                named(reference, "URI").getAttributeNS(null, "URI"),
                List.copyOf(transforms),
                algorithm(referred.get(1)),
                base64(parts.get(1)),
                certificates(named(parts.get(2))));
    }

    private static List<Bytes> certificates(Element keyInfo) throws MalformedEvidenceException {
        List<Bytes> certificates = new ArrayList<>();
        for (Element child : RimXml.elements(named(children(keyInfo, "X509Data").get(0)))) {
            if (!RimXml.is(child, DSIG, "X509Certificate")) {
                throw RimXml.malformed("X509Data", "the element X509Certificate", child.getNodeName());
            }
            certificates.add(base64(child));
        }
        if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            throw RimXml.malformed(
                    "X509Data", "1 to " + MAX_CERTIFICATES + " X509Certificate", Integer.toString(certificates.size()));
        }
        return List.copyOf(certificates);
    }

    private static List<Element> children(Element parent, String... localNames) throws MalformedEvidenceException {
        return RimXml.children(parent, DSIG, localNames);
    }

    /** The Algorithm of an element without parameters, such as an XPath or the prefixes of an exclusive canonicalization. */
    private static String algorithm(Element element) throws MalformedEvidenceException {
        children(element);
        return named(element, "Algorithm").getAttributeNS(null, "Algorithm");
    }

    private static Bytes base64(Element element) throws MalformedEvidenceException {
        String text = RimXml.text(named(element)).replaceAll("[ \t\r\n]", "");
        try {
            return Bytes.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw RimXml.malformed(element.getLocalName(), "base64", text);
        }
    }

    /** The element itself, whose attributes must be exactly these: an identifier would only help to point elsewhere. */
    private static Element named(Element element, String... expected) throws MalformedEvidenceException {
        List<String> found = RimXml.attributes(element).stream()
                .map(Attr::getNodeName)
                .sorted()
                .toList();
        if (!found.equals(List.of(expected))) {
            throw RimXml.malformed(element.getLocalName(), "the attributes " + List.of(expected), found.toString());
        }
        return element;
    }
}
