package org.staffetta.config;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the kinds that the installed bundles declare. Bounds are read from their XML: the Metatype service tells everything but {@code min} and
 * {@code max} (OSGi Compendium 105.7).
 */
final class MetatypeReader {

    /** What the PIDs of the server begin with. */
    static final String NAMESPACE = "org.staffetta.";

    private static final Logger LOG = LoggerFactory.getLogger(MetatypeReader.class);

    private final MetaTypeService metatype;

    private record Bounds(@Nullable BigDecimal min, @Nullable BigDecimal max) {

        static final Bounds NONE = new Bounds(null, null);
    }

    MetatypeReader(MetaTypeService metatype) {
        this.metatype = metatype;
    }

    /** Asks all bundles; of two that declare the same the one that was installed later counts. */
    Schema read(Bundle... bundles) {
        List<Kind> kinds = new ArrayList<>();
        Arrays.stream(bundles).sorted(Comparator.comparingLong(Bundle::getBundleId))
                .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED).forEach(bundle -> addAll(bundle, kinds));
        return new Schema(kinds);
    }

    private void addAll(Bundle bundle, List<Kind> kinds) {
        try {
            MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
            if (information == null) {
                return;
            }
            for (String pid : nonNull(information.getPids())) {
                add(bundle, information, pid, false, kinds);
            }
            for (String pid : nonNull(information.getFactoryPids())) {
                add(bundle, information, pid, true, kinds);
            }
        } catch (RuntimeException | IOException | XMLStreamException e) {
            LOG.warn("The Metatype of {} cannot be read; its settings are unknown", bundle.getSymbolicName(), e);
        }
    }

    private static void add(Bundle bundle, MetaTypeInformation information, String pid, boolean factory,
            List<Kind> kinds) throws IOException, XMLStreamException {
        if (!pid.startsWith(NAMESPACE)) {
            return;
        }
        ObjectClassDefinition definition = information.getObjectClassDefinition(pid, null);
        Map<String, Bounds> bounds = bounds(bundle, definition.getID());
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (AttributeDefinition a : nonNull(definition.getAttributeDefinitions(ObjectClassDefinition.ALL))) {
            attributes.put(a.getID(), attribute(a, bounds.getOrDefault(a.getID(), Bounds.NONE)));
        }
        kinds.add(new Kind(pid, pid.substring(NAMESPACE.length()), factory, bundle.getSymbolicName(),
                Collections.unmodifiableMap(attributes)));
    }

    private static Attribute attribute(AttributeDefinition a, Bounds bounds) {
        return new Attribute(a.getID(), text(a.getName()), text(a.getDescription()), a.getType(), a.getCardinality(),
                List.of(nonNull(a.getOptionValues())), List.of(nonNull(a.getDefaultValue())), bounds.min, bounds.max);
    }

    private static Map<String, Bounds> bounds(Bundle bundle, String ocd) throws IOException, XMLStreamException {
        Map<String, Bounds> bounds = new HashMap<>();
        var entries = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
        while (entries != null && entries.hasMoreElements()) {
            URL entry = entries.nextElement();
            try (InputStream in = entry.openStream()) {
                read(factory().createXMLStreamReader(in), ocd, bounds);
            }
        }
        return bounds;
    }

    private static void read(XMLStreamReader xml, String ocd, Map<String, Bounds> bounds) throws XMLStreamException {
        boolean inside = false;
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamReader.START_ELEMENT) {
                continue;
            }
            if (xml.getLocalName().equals("OCD")) {
                inside = ocd.equals(xml.getAttributeValue(null, "id"));
            } else if (inside && xml.getLocalName().equals("AD")) {
                bounds.put(text(xml.getAttributeValue(null, "id")),
                        new Bounds(number(xml.getAttributeValue(null, "min")),
                                number(xml.getAttributeValue(null, "max"))));
            }
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        return text == null || text.isBlank() ? null : new BigDecimal(text.strip());
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String[] nonNull(String @Nullable [] array) {
        return array == null ? new String[0] : array;
    }

    private static AttributeDefinition[] nonNull(AttributeDefinition @Nullable [] array) {
        return array == null ? new AttributeDefinition[0] : array;
    }
}
