package dev.marea.storage.stores.talk;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of a store's XML answer: names without namespaces. Answers are pages of bounded size,
 * so a tree is small; document types and entities, by which XML reaches for files, are refused.
 */
public record Xml(String name, String text, Map<String, String> attributes, List<Xml> children) {
    private static final int DEPTH_MAX = 16;

    /** Thread-safe once configured: the JDK's factory makes a reader from its own copy. */
    private static final XMLInputFactory FACTORY = factory();

    public static Xml read(byte[] document) throws Malformed {
        try {
            var reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.DTD) {
                    throw new Malformed("has a document type, which no store sends");
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return element(reader, 1);
                }
            }
            throw new Malformed("is empty");
        } catch (XMLStreamException | RuntimeException bad) {
            throw new Malformed("is no XML");
        }
    }

    private static Xml element(XMLStreamReader reader, int depth)
            throws XMLStreamException, Malformed {
        if (depth > DEPTH_MAX) {
            throw new Malformed("is nested deeper than " + DEPTH_MAX);
        }
        var name = reader.getLocalName();
        var attributes = new LinkedHashMap<String, String>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        var text = new StringBuilder();
        var children = new ArrayList<Xml>();
        for (int event = reader.next();
                event != XMLStreamConstants.END_ELEMENT;
                event = reader.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> children.add(element(reader, depth + 1));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                        text.append(reader.getText());
                default -> {
                    // comments and the like say nothing
                }
            }
        }
        return new Xml(name, text.toString(), Map.copyOf(attributes), List.copyOf(children));
    }

    /** Empty if there is none. */
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }

    public List<Xml> all(String child) {
        return children.stream().filter(c -> c.name.equals(child)).toList();
    }

    public Optional<Xml> first(String child) {
        return children.stream().filter(c -> c.name.equals(child)).findFirst();
    }

    /** The text of a child; empty if there is no such child or no text in it. */
    public Optional<String> textOf(String child) {
        return first(child).map(Xml::text).filter(text -> !text.isEmpty());
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        return factory;
    }

    /** The answer is not what it says; the message completes "the answer ...". */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }
}
