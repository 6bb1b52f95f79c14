package org.staffetta.itests;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** What a container of Pax Exam's making consists of: the bundles of the mail server, as the distribution starts them. */
final class Container {

    // the configuration as shipped names the filters of security, and offers TLS
    private static final List<String> FEATURES = List.of("core", "security", "tls");
    private static final String LOCKS = "ds.lock.timeout.milliseconds";

    private Container() {}

    /** The same feature files and settings that the distribution starts from say what is in it. */
    static List<Option> options() throws IOException {
        Path home = Path.of(System.getProperty("staffetta.home"));
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "container")
                .toAbsolutePath();
        Path conf = Files.createDirectories(folder.resolve("conf"));
        try (Stream<Path> shipped = Files.list(home.resolve("conf"))) {
            for (Path file : shipped.filter(Files::isRegularFile).toList()) {
                Files.copy(file, conf.resolve(file.getFileName().toString()));
            }
        }
        List<Option> options = new ArrayList<>(List.of(frameworkStartLevel(80), junitBundles(),
                frameworkProperty("staffetta.home").value(home.toString()),
                frameworkProperty("staffetta.conf").value(conf.toString()),
                frameworkProperty("org.ops4j.pax.logging.StaticLogbackFile")
                        .value(conf.resolve("logback.xml").toString()),
                frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"),
                // a system property, for logback asks for it too
                systemProperty("staffetta.data").value(folder.resolve("data").toString()),
                systemProperty("staffetta.set.listener.smtp.port").value("0"),
                systemProperty("staffetta.set.listener.smtp.trusted.networks").value("127.0.0.0/8"),
                frameworkProperty(LOCKS).value(setting(home, LOCKS))));
        Features features = new Features(home);
        // not the installer: here Pax Exam is the one who reads the feature and installs what it names
        Set<Path> jars = new LinkedHashSet<>(features.boot());
        jars.removeIf(jar -> jar.getFileName().toString().startsWith("org.staffetta.installer"));
        for (String feature : FEATURES) {
            jars.addAll(features.bundles(feature));
        }
        jars.forEach(jar -> options.add(bundle(jar.toUri().toString())));
        return options;
    }

    private static String setting(Path home, String key) throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("conf/container.properties"))) {
            settings.load(file);
        }
        return settings.getProperty(key);
    }
}
