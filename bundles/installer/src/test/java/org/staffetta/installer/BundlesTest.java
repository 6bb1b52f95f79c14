package org.staffetta.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.staffetta.installer.Feature.Part;

/** What runs is what the features name. */
class BundlesTest {
    @TempDir
    Path folder;
    private Container container;
    private Bundles bundles;
    private final List<String> history = new ArrayList<>();

    @BeforeEach
    void boot() throws BundleException, IOException {
        container = new Container(folder);
        bundles = new Bundles(container.context(), container.folder());
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STARTED) {
                history.add("+" + event.getBundle().getSymbolicName());
            } else if (event.getType() == BundleEvent.STOPPED) {
                history.add("-" + event.getBundle().getSymbolicName());
            }
        };
        container.context().addBundleListener(listener);
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        container.close();
    }

    private static Feature feature(String file, Part... parts) {
        return new Feature(file, List.of(parts), Map.of());
    }

    private static Part part(String name, int startLevel) {
        return new Part(name + "-1.0.0.jar", startLevel);
    }

    private void jars(String... names) throws IOException {
        for (String name : names) {
            container.jar(name, "1.0.0");
        }
    }

    @Test
    void bundles_start_in_the_order_of_their_start_levels_whichever_feature_names_them() throws IOException {
        jars("late", "early", "middle");
        bundles.put(
                List.of(feature("a.json", part("late", 9), part("early", 2)), feature("b.json", part("middle", 5))));
        assertThat(history).containsExactly("+early", "+middle", "+late");
        assertThat(container.bundle("late").orElseThrow().adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(9);
    }

    @Test
    void a_feature_that_goes_takes_along_what_no_other_names_and_stops_it_in_reverse() throws IOException {
        jars("shared", "low", "high");
        bundles.put(List.of(feature("a.json", part("shared", 2)),
                feature("b.json", part("shared", 2), part("low", 3), part("high", 4))));
        history.clear();
        bundles.remove("b.json");
        assertThat(history).containsExactly("-high", "-low");
        assertThat(container.isActive("shared")).isTrue();
        assertThat(container.bundle("low")).isEmpty();
    }

    @Test
    void a_changed_feature_starts_the_new_before_it_stops_the_old() throws IOException {
        jars("old", "fresh", "kept");
        bundles.put(List.of(feature("a.json", part("old", 3), part("kept", 3))));
        history.clear();
        bundles.put(List.of(feature("a.json", part("kept", 3), part("fresh", 3))));
        assertThat(history).containsExactly("+fresh", "-old");
    }

    @Test
    void a_missing_jar_is_named_with_the_feature_that_asks_for_it_and_taken_when_it_comes() throws IOException {
        jars("there");
        bundles.put(List.of(feature("mail.json", part("absent", 3), part("there", 3))));
        assertThat(container.isActive("there")).isTrue();
        assertThat(bundles.settle()).singleElement().asString().contains("absent-1.0.0.jar", "mail.json",
                "is not there");
        jars("absent");
        bundles.put(List.of(feature("other.json", part("there", 3))));
        assertThat(container.isActive("absent")).isTrue();
        assertThat(bundles.settle()).isEmpty();
    }

    @Test
    void a_jar_that_is_no_bundle_is_reported_and_holds_up_nobody() throws IOException {
        jars("good");
        Files.writeString(container.folder().resolve("bad-1.0.0.jar"), "no zip file");
        bundles.put(List.of(feature("a.json", part("bad", 2), part("good", 3))));
        assertThat(container.isActive("good")).isTrue();
        assertThat(bundles.settle()).singleElement().asString().startsWith("bad-1.0.0.jar: it cannot be installed");
    }

    @Test
    void what_cannot_be_resolved_is_reported_by_what_it_lacks_and_starts_when_that_comes() throws IOException {
        container.jar("user", "1.0.0", "Import-Package", "org.example.api;version=\"[1,2)\"");
        container.jar("provider", "1.0.0", "Export-Package", "org.example.api;version=1.1");
        bundles.put(List.of(feature("a.json", part("user", 2))));
        assertThat(bundles.settle())
                .containsExactly("user-1.0.0.jar: nothing provides the package org.example.api "
                        + "(&(osgi.wiring.package=org.example.api)(version>=1.0.0)(!(version>=2.0.0)))");
        bundles.put(List.of(feature("b.json", part("provider", 9))));
        assertThat(container.isActive("user")).isTrue();
        assertThat(bundles.settle()).isEmpty();
    }

    @Test
    void an_activator_that_fails_is_reported_with_its_cause() throws IOException {
        container.jar("broken", "1.0.0", "Bundle-Activator", "org.example.Nowhere");
        bundles.put(List.of(feature("a.json", part("broken", 2))));
        assertThat(bundles.settle()).singleElement().asString().startsWith("broken-1.0.0.jar: ")
                .contains("org.example.Nowhere");
    }

    @Test
    void what_an_operator_has_stopped_stays_stopped() throws IOException, BundleException {
        jars("mail", "other");
        bundles.put(List.of(feature("a.json", part("mail", 3))));
        container.bundle("mail").orElseThrow().stop();
        bundles.put(List.of(feature("b.json", part("other", 3))));
        assertThat(container.isActive("other")).isTrue();
        assertThat(container.isActive("mail")).isFalse();
        container.bundle("mail").orElseThrow().start();
        assertThat(bundles.settle()).isEmpty();
    }

    @Test
    void a_bundle_that_somebody_else_uninstalls_comes_back() throws IOException, BundleException {
        jars("mail");
        bundles.put(List.of(feature("a.json", part("mail", 3))));
        Bundle first = container.bundle("mail").orElseThrow();
        first.uninstall();
        bundles.uninstalled(first);
        assertThat(container.isActive("mail")).isTrue();
        assertThat(container.bundle("mail").orElseThrow()).isNotEqualTo(first);
    }

    @Test
    void a_bundle_that_no_feature_names_does_not_come_back() throws IOException, BundleException {
        jars("mail");
        bundles.put(List.of(feature("a.json", part("mail", 3))));
        Bundle bundle = container.bundle("mail").orElseThrow();
        bundles.remove("a.json");
        bundles.uninstalled(bundle);
        assertThat(container.bundle("mail")).isEmpty();
    }

    @Test
    void one_of_which_a_deployed_bundle_runs_in_place_is_not_started() throws IOException, BundleException {
        jars("mail");
        Path deployed = Container.jar(folder.resolve("deployed.jar"), "mail", "1.0.0");
        Bundle standIn;
        try (InputStream content = Files.newInputStream(deployed)) {
            standIn = container.context().installBundle("deploy:mail.jar", content);
        }
        standIn.start();
        history.clear();
        bundles.put(List.of(feature("a.json", part("mail", 3))));
        assertThat(history).isEmpty();
        assertThat(bundles.settle()).isEmpty();

        standIn.uninstall();
        bundles.settle();
        assertThat(history).containsExactly("-mail", "+mail");
    }

    @Test
    void fragments_are_attached_not_started() throws IOException {
        container.jar("host", "1.0.0");
        container.jar("fragment", "1.0.0", "Fragment-Host", "host");
        bundles.put(List.of(feature("a.json", part("fragment", 2), part("host", 3))));
        assertThat(bundles.settle()).isEmpty();
        assertThat(container.bundle("fragment").orElseThrow().getState()).isEqualTo(Bundle.RESOLVED);
    }

    @Test
    void who_was_wired_to_a_bundle_that_goes_stops_and_starts_again_when_it_is_back() throws IOException {
        container.jar("user", "1.0.0", "Import-Package", "org.example.api");
        container.jar("provider", "1.0.0", "Export-Package", "org.example.api");
        bundles.put(List.of(feature("a.json", part("user", 3)), feature("b.json", part("provider", 2))));
        assertThat(container.isActive("user")).isTrue();
        bundles.remove("b.json");
        await().until(() -> !container.isActive("user"));
        bundles.put(List.of(feature("b.json", part("provider", 2))));
        await().until(() -> container.isActive("user"));
    }

    @Test
    void two_features_that_give_a_bundle_different_start_levels_get_the_lower() throws IOException {
        jars("shared");
        Stream.of("a.json", "b.json")
                .forEach(file -> bundles.put(List.of(feature(file, part("shared", file.equals("a.json") ? 7 : 4)))));
        assertThat(container.bundle("shared").orElseThrow().adapt(BundleStartLevel.class).getStartLevel()).isEqualTo(4);
    }
}
