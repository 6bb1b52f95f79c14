package org.staffetta.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.metatype.MetaTypeService;

/** Felix with its own Configuration Admin and Metatype, bundles that declare settings, and the configuration under test. */
final class Container {

    /** A factory like the listener's. */
    static final String LISTENER = """
            <OCD id="listener" name="Listener">
              <AD id="port" name="Port" description="TCP port; 0 takes a free one" type="Integer" min="0" max="65535" default="25"/>
              <AD id="address" name="Address" type="String" default="127.0.0.1"/>
              <AD id="filters" name="Filters" type="String" cardinality="2147483647" default=""/>
              <AD id="tls" name="TLS" type="String" default="none">
                <Option label="none" value="none"/><Option label="implicit" value="implicit"/>
              </AD>
              <AD id="hostname" name="Host name" type="String" default="localhost"/>
              <AD id="max.recipients" name="Recipients" type="Integer" min="1" default="1000"/>
            </OCD>
            <Designate factoryPid="org.staffetta.listener"><Object ocdref="listener"/></Designate>
            """;

    /** A singleton like the queue's. */
    static final String QUEUE = """
            <OCD id="queue" name="Queue">
              <AD id="hostname" name="Host name" type="String" default="localhost"/>
              <AD id="workers" name="Workers" description="threads" type="Integer" min="1" max="1000" default="20"/>
              <AD id="lifetime" name="Lifetime" type="String" default="5d"/>
              <AD id="warn" name="Warn" type="Boolean" default="false"/>
              <AD id="password" name="Password" type="Password" min="8" default=""/>
            </OCD>
            <Designate pid="org.staffetta.queue"><Object ocdref="queue"/></Designate>
            """;

    /** A factory for what all filters have. */
    static final String FILTER = """
            <OCD id="filter" name="Filter">
              <AD id="mode" name="Mode" type="String" default="enforce"/>
              <AD id="share" name="Share" type="String" default="100%"/>
              <AD id="canary.share" name="Canary" type="String" default="100%"/>
            </OCD>
            <Designate factoryPid="org.staffetta.filter"><Object ocdref="filter"/></Designate>
            """;

    /** What one filter has of its own. */
    static final String SUBJECT = """
            <OCD id="subject" name="Subject">
              <AD id="words" name="Words" type="String" cardinality="100" default=""/>
            </OCD>
            <Designate pid="org.staffetta.filter.subject"><Object ocdref="subject"/></Designate>
            """;

    private final Framework framework;
    private final ConfigurationAdmin admin;
    private final Map<String, String> properties = new HashMap<>();
    private @Nullable ConfigService service;

    Container(Path home) throws BundleException {
        properties.put("org.osgi.framework.storage", home.resolve("cache").toString());
        properties.put("org.osgi.framework.system.packages.extra",
                "org.osgi.service.cm;version=1.6.1,org.osgi.service.metatype;version=1.4.1,org.osgi.service.log;version=1.5,"
                        + "org.osgi.service.coordinator;version=1.0.2");
        properties.put("staffetta.home", home.toString());
        properties.put("staffetta.conf", home.resolve("conf").toString());
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        start("org.apache.felix.cm.impl.ConfigurationManager");
        start("org.apache.felix.metatype.MetaDataReader");
        admin = get(ConfigurationAdmin.class);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    ConfigurationAdmin admin() {
        return admin;
    }

    /** Starts what is tested. */
    ConfigService configure() throws Exception {
        ConfigService started = new ConfigService(context(), admin, get(MetaTypeService.class));
        context().registerService(ConfigurationListener.class, started, null);
        service = started;
        return started;
    }

    /** Installs a bundle that declares settings. */
    Bundle install(String name, String metatype) throws Exception {
        return context().installBundle(name, new ByteArrayInputStream(jar(name, metatype)));
    }

    /** The properties of a configuration; empty if there is none. */
    Map<String, Object> values(String pid) {
        Map<String, Object> values = new HashMap<>();
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
            if (found != null && found[0].getProperties() != null) {
                var dictionary = found[0].getProperties();
                dictionary.keys().asIterator().forEachRemaining(key -> values.put(key, dictionary.get(key)));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        values.keySet().removeIf(key -> key.startsWith("service."));
        return values;
    }

    void close() throws Exception {
        if (service != null) {
            service.close();
        }
        framework.stop();
        framework.waitForStop(10_000);
    }

    private void start(String type) throws BundleException {
        try {
            String jar = Class.forName(type).getProtectionDomain().getCodeSource().getLocation().toString();
            context().installBundle(jar).start();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T get(Class<T> type) {
        return Objects.requireNonNull(context().getService(context().getServiceReference(type)));
    }

    private static byte[] jar(String name, String metatype) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(octets, manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/metatype/settings.xml"));
            jar.write(("<MetaData xmlns=\"http://www.osgi.org/xmlns/metatype/v1.4.0\">" + metatype + "</MetaData>")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return octets.toByteArray();
    }
}
