package org.verifiableai.attestation.nvidia;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Reads XML from a stranger: UTF-8 without a document type, hence without entities of its own and without anything to
 * fetch, in bounded size and depth.
 */
final class RimXml {

    /** The largest document that is read, in bytes. Real ones have 26 KiB at most. */
    static final int MAX_SIZE = 512 * 1024;

    private static final Map<String, Boolean> FEATURES = Map.of(
            XMLConstants.FEATURE_SECURE_PROCESSING,
            true,
            "http://apache.org/xml/features/disallow-doctype-decl",
            true,
            "http://xml.org/sax/features/external-general-entities",
            false,
            "http://xml.org/sax/features/external-parameter-entities",
            false,
            "http://apache.org/xml/features/nonvalidating/load-external-dtd",
            false);

    // Said here, so that no system property or configuration file of the runtime can widen them.
    private static final Map<String, String> LIMITS = Map.of(
            XMLConstants.ACCESS_EXTERNAL_DTD,
            "",
            XMLConstants.ACCESS_EXTERNAL_SCHEMA,
            "",
            "jdk.xml.maxElementDepth",
            "12",
            "jdk.xml.elementAttributeLimit",
            "64",
            "jdk.xml.maxXMLNameLimit",
            "256",
            "jdk.xml.entityExpansionLimit",
            "1");

    private RimXml() {}

    static Document parse(Bytes xml) throws MalformedEvidenceException {
        if (xml.size() > MAX_SIZE) {
            throw new MalformedEvidenceException("rim", 0, "at most " + MAX_SIZE + " bytes", xml.size() + " bytes");
        }
        // Given from outside, so that the document cannot choose another encoding for itself.
        InputSource source = new InputSource(new ByteArrayInputStream(xml.toByteArray()));
        source.setEncoding("UTF-8");
        Document document;
        try {
            DocumentBuilder builder = builder();
            builder.setErrorHandler(Refusal.INSTANCE);
            document = builder.parse(source);
        } catch (SAXParseException e) {
            throw notWellFormed(
                    "line " + e.getLineNumber() + ", column " + e.getColumnNumber() + ": " + e.getMessage());
        } catch (SAXException | IOException e) {
            throw notWellFormed(String.valueOf(e.getMessage()));
        }
        // Canonical XML is of XML 1.0; the later version has other characters and ends of lines.
        if (!document.getXmlVersion().equals("1.0")) {
            throw malformed("rim", "XML 1.0", document.getXmlVersion());
        }
        String encoding = document.getXmlEncoding();
        if (encoding != null && !encoding.toUpperCase(Locale.ROOT).equals("UTF-8")) {
            throw malformed("rim", "encoding UTF-8", encoding);
        }
        return document;
    }

    /** The elements among the children of {@code parent}, in order. */
    static List<Element> elements(Node parent) {
        List<Element> elements = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** The attributes of {@code element}, declarations of namespaces aside. */
    static List<Attr> attributes(Element element) {
        List<Attr> attributes = new ArrayList<>();
        NamedNodeMap all = element.getAttributes();
        for (int i = 0; i < all.getLength(); i++) {
            Attr attribute = (Attr) all.item(i);
            if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI())) {
                attributes.add(attribute);
            }
        }
        return attributes;
    }

    static boolean is(Node node, String namespace, String localName) {
        return namespace.equals(node.getNamespaceURI()) && localName.equals(node.getLocalName());
    }

    /** The child elements, which must be these and in this order. */
    static List<Element> children(Element parent, String namespace, String... localNames)
            throws MalformedEvidenceException {
        List<Element> children = elements(parent);
        boolean asExpected = children.size() == localNames.length;
        for (int i = 0; asExpected && i < localNames.length; i++) {
            asExpected = is(children.get(i), namespace, localNames[i]);
        }
        if (!asExpected) {
            throw malformed(
                    parent.getLocalName(),
                    "the elements " + String.join(", ", localNames),
                    children.stream().map(Node::getNodeName).collect(Collectors.joining(", ")));
        }
        return children;
    }

    /** The only element of several candidates. */
    static Element only(String field, String expected, List<Element> candidates) throws MalformedEvidenceException {
        if (candidates.size() != 1) {
            throw malformed(field, expected, Integer.toString(candidates.size()));
        }
        return candidates.get(0);
    }

    /** The text of an element that holds one and nothing else: a comment would not be signed, and could split it. */
    static String text(Element element) throws MalformedEvidenceException {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() != Node.TEXT_NODE) {
                throw malformed(element.getLocalName(), "a text alone", child.getNodeName());
            }
        }
        return element.getTextContent();
    }

    // The runtime's own parser, whatever else lies on the class path.
    private static DocumentBuilder builder() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            for (Map.Entry<String, Boolean> feature : FEATURES.entrySet()) {
                factory.setFeature(feature.getKey(), feature.getValue());
            }
            LIMITS.forEach(factory::setAttribute);
            return factory.newDocumentBuilder();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java runtime's XML parser lacks a safeguard", e);
        }
    }

    private static MalformedEvidenceException notWellFormed(String found) {
        return malformed("rim", "well-formed XML without a document type", found);
    }

    static MalformedEvidenceException malformed(String field, String expected, String found) {
        return new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }

    /** Throws what the runtime would print. */
    private enum Refusal implements ErrorHandler {
        INSTANCE;

        @Override
        public void warning(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
