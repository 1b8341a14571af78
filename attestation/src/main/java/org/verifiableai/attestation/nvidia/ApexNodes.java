package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.crypto.NodeSetData;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * The nodes of one element, as a canonicalization takes them. Canonical XML 1.1 has the element at the apex of a subset state
 * every namespace in scope and the attributes that it inherits (sections 2.3 and 2.4): a copy of the element in a document
 * of its own gets them in writing.
 */
final class ApexNodes implements NodeSetData<Node> {

    private static final Set<String> INHERITED = Set.of("lang", "space", "base");

    private final List<Node> nodes;

    private ApexNodes(List<Node> nodes) {
        this.nodes = nodes;
    }

    static ApexNodes of(Element element) {
        Document document = (Document) element.getOwnerDocument().cloneNode(false);
        Element copy = (Element) document.importNode(element, true);
        document.appendChild(copy);
        // From the inside out: what is nearer comes first and stays.
        for (Node above = element.getParentNode(); above instanceof Element; above = above.getParentNode()) {
            NamedNodeMap attributes = above.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                Attr attribute = (Attr) attributes.item(i);
                if (isInherited(attribute)
                        && !copy.hasAttributeNS(attribute.getNamespaceURI(), attribute.getLocalName())) {
                    copy.setAttributeNS(attribute.getNamespaceURI(), attribute.getName(), attribute.getValue());
                }
            }
        }
        List<Node> nodes = new ArrayList<>();
        collect(copy, nodes);
        return new ApexNodes(List.copyOf(nodes));
    }

    private static boolean isInherited(Attr attribute) {
        return XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI())
                || (XMLConstants.XML_NS_URI.equals(attribute.getNamespaceURI())
                        && INHERITED.contains(attribute.getLocalName()));
    }

    // No deeper than the parser lets a document be.
    private static void collect(Node node, List<Node> nodes) {
        nodes.add(node);
        NamedNodeMap attributes = node.getAttributes();
        for (int i = 0; attributes != null && i < attributes.getLength(); i++) {
            nodes.add(attributes.item(i));
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            collect(child, nodes);
        }
    }

    @Override
    public Iterator<Node> iterator() {
        return nodes.iterator();
    }
}
