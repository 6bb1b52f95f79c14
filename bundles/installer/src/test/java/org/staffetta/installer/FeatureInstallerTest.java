package org.staffetta.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;

/** Files come, change and go, as File Install tells. */
class FeatureInstallerTest {
    @TempDir
    Path folder;
    private final Map<String, Object> configurations = new TreeMap<>();
    private Container container;
    private Path features;

    @BeforeEach
    void boot() throws BundleException, IOException {
        container = new Container(folder);
        features = Files.createDirectories(folder.resolve("features"));
        container.jar("one", "1.0.0");
        container.jar("two", "1.0.0");
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        container.close();
    }

    private FeatureInstaller installer() {
        return new FeatureInstaller(container.context(), new FeatureServiceImpl(), admin());
    }

    private Path write(String file, String bundle, String more) throws IOException {
        return Files.writeString(features.resolve(file),
                "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"a:" + bundle + ":1.0.0\"}]" + more + "}");
    }

    @Test
    void all_features_that_are_there_are_started_and_then_a_condition_says_so()
            throws IOException, InvalidSyntaxException {
        write("a.json", "one", "");
        write("b.json", "absent", "");
        installer();
        assertThat(container.isActive("one")).isTrue();
        ServiceReference<Condition> condition = container.context()
                .getServiceReferences(Condition.class, "(osgi.condition.id=staffetta.features)").iterator().next();
        assertThat((String[]) condition.getProperty("staffetta.problems")).singleElement().asString()
                .contains("absent-1.0.0.jar");
    }

    @Test
    void a_file_that_changes_and_goes_is_followed() throws IOException {
        FeatureInstaller installer = installer();
        Path file = write("a.json", "one", "");
        installer.install(file.toFile());
        assertThat(container.isActive("one")).isTrue();
        write("a.json", "two", "");
        installer.update(file.toFile());
        assertThat(container.isActive("two")).isTrue();
        assertThat(container.bundle("one")).isEmpty();
        installer.uninstall(file.toFile());
        assertThat(container.bundle("two")).isEmpty();
    }

    @Test
    void a_file_that_is_broken_leaves_everything_as_it_was() throws IOException {
        Path file = write("a.json", "one", "");
        FeatureInstaller installer = installer();
        Files.writeString(file, "{");
        installer.update(file.toFile());
        assertThat(container.isActive("one")).isTrue();
    }

    @Test
    void configurations_come_and_go_with_their_file() throws IOException {
        Path file = write("a.json", "one", ", \"configurations\": {\"x\": {\"k\": \"v\"}, \"f~n\": {\"k\": \"w\"}}");
        FeatureInstaller installer = installer();
        assertThat(configurations).containsOnlyKeys("x", "f~n");
        write("a.json", "one", ", \"configurations\": {\"x\": {\"k\": \"v2\"}}");
        installer.update(file.toFile());
        assertThat(configurations).hasToString("{x={k=v2}}");
        installer.uninstall(file.toFile());
        assertThat(configurations).isEmpty();
    }

    @Test
    void a_bundle_that_is_uninstalled_from_outside_comes_back() throws IOException, BundleException {
        write("a.json", "one", "");
        installer();
        container.bundle("one").orElseThrow().uninstall();
        await().until(() -> container.isActive("one"));
    }

    @Test
    void only_feature_files_are_taken() {
        FeatureInstaller installer = installer();
        assertThat(installer.canHandle(Path.of("mail.json").toFile())).isTrue();
        assertThat(installer.canHandle(Path.of("org.example.pid.cfg.json").toFile())).isFalse();
        assertThat(installer.canHandle(Path.of("mail.jar").toFile())).isFalse();
    }

    /** Configuration Admin as far as it is asked here: what was updated and not deleted is in the map. */
    private ConfigurationAdmin admin() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{ConfigurationAdmin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getConfiguration" -> configuration((String) arguments[0]);
                    case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private Configuration configuration(String pid) {
        return (Configuration) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Configuration.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "updateIfDifferent" -> configurations.put(pid, asMap((Dictionary<?, ?>) arguments[0])) == null;
                    case "delete" -> configurations.remove(pid);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private static Map<Object, Object> asMap(Dictionary<?, ?> dictionary) {
        Map<Object, Object> map = new TreeMap<>();
        dictionary.keys().asIterator().forEachRemaining(key -> map.put(key, dictionary.get(key)));
        return map;
    }
}
