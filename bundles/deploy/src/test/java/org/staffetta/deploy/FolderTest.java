package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.staffetta.deploy.Site.soon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.staffetta.deploy.sample.checked.Checked;
import org.staffetta.deploy.sample.exclusive.Exclusive;
import org.staffetta.deploy.sample.failing.Failing;
import org.staffetta.deploy.sample.good.Good;
import org.staffetta.deploy.sample.hanging.Hanging;
import org.staffetta.deploy.sample.hungry.Hungry;
import org.staffetta.deploy.sample.library.Library;
import org.staffetta.deploy.sample.unconfigured.Waiting;
import org.staffetta.deploy.sample.user.User;

/** What is put into the folder runs, as far as it works; what does not leaves everything as it was. */
@Timeout(120)
class FolderTest {

    private static final Map<String, String> EXPORTS = Map.of("Export-Package",
            "org.staffetta.deploy.sample.library;version=1.0", "Private-Package", "");

    @TempDir
    private Path folder;
    private Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void close() throws Exception {
        site.close();
        System.clearProperty(Exclusive.LOCK);
    }

    private Path jar(String version, Class<?> content) throws Exception {
        return Jars.jar(folder, "x", version, content);
    }

    private void serving(String version, Class<?> content) throws Exception {
        site.put(jar(version, content), "x.jar");
        soon().until(() -> site.active("x").equals(List.of(version)));
        soon().until(() -> site.deployment().history("").stream().limit(1)
                .anyMatch(past -> past.succeeded() && past.version().equals(version)));
    }

    private void refused(Path jar, String reason) throws Exception {
        site.put(jar, "x.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains(reason));
        assertThat(site.active("x")).containsExactly("1.0.0");
        soon().untilAsserted(() -> assertThat(site.bundles("x")).hasSize(1));
        assertThat(site.last().succeeded()).isFalse();
        assertThat(site.last().reason()).contains(reason);
    }

    @Test
    void a_jar_that_comes_is_installed_one_that_changes_updated_one_that_goes_removed() throws Exception {
        serving("1.0.0", Good.class);
        serving("1.1.0", Good.class);
        serving("1.0.5", Good.class);
        Files.delete(site.deploy("x.jar"));
        soon().until(() -> site.bundles("x").isEmpty());
        assertThat(site.deployment().history("org.example.x")).extracting(past -> past.action() + " " + past.version())
                .containsExactly("remove 1.0.5", "update 1.0.5", "update 1.1.0", "install 1.0.0");
        assertThat(site.deployment().list()).isEmpty();
    }

    @Test
    void the_new_version_is_lent_when_it_has_proved_itself_and_the_old_one_until_then() throws Exception {
        serving("1.0.0", Good.class);
        long old = site.bundles("x").getFirst().getBundleId();
        site.holds.clear();
        serving("1.1.0", Good.class);
        long fresh = site.bundles("x").getLast().getBundleId();
        soon().until(() -> site.holds.getLast().isEmpty());
        assertThat(site.holds.stream().distinct()).containsExactly(Set.of(fresh), Set.of(old), Set.of());
    }

    @Test
    void the_same_bytes_once_more_are_no_update() throws Exception {
        Path jar = jar("1.0.0", Good.class);
        site.put(jar, "x.jar");
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
        Bundle bundle = site.bundles("x").getFirst();
        site.put(jar, "x.jar");
        site.put(jar("1.0.0", Good.class), "y.jar");
        soon().until(() -> site.deployed("y.jar").isPresent());
        assertThat(site.bundles("x")).contains(bundle);
        assertThat(site.deployment().history("x.jar")).hasSize(1);
    }

    @Test
    void other_bytes_of_the_same_size_and_date_are_an_update() throws Exception {
        Path one = jar("1.0.1", Good.class);
        Path other = jar("1.0.2", Good.class);
        long size = Math.max(Files.size(one), Files.size(other));
        JarEdits.pad(one, size);
        JarEdits.pad(other, size);
        FileTime date = FileTime.fromMillis(1_000_000_000_000L);
        Files.copy(one, site.deploy("x.jar"));
        Files.setLastModifiedTime(site.deploy("x.jar"), date);
        soon().until(() -> site.active("x").equals(List.of("1.0.1")));
        Files.write(site.deploy("x.jar"), Files.readAllBytes(other));
        Files.setLastModifiedTime(site.deploy("x.jar"), date);
        soon().until(() -> site.active("x").equals(List.of("1.0.2")));
    }

    @Test
    void a_jar_that_is_copied_slowly_is_taken_when_it_is_whole() throws Exception {
        byte[] octets = Files.readAllBytes(jar("1.0.0", Good.class));
        int half = octets.length / 2;
        Files.write(site.deploy("x.jar"), Arrays.copyOf(octets, half));
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("no complete jar"));
        assertThat(site.bundles("x")).isEmpty();
        assertThat(site.deployment().history("")).as("told once").hasSize(1);
        Files.write(site.deploy("x.jar"), Arrays.copyOfRange(octets, half, octets.length), StandardOpenOption.APPEND);
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
        soon().until(() -> site.trouble("x.jar").isEmpty());
    }

    @Test
    void half_a_jar_over_a_whole_one_leaves_the_old_version_serving() throws Exception {
        serving("1.0.0", Good.class);
        byte[] octets = Files.readAllBytes(jar("1.1.0", Good.class));
        Files.write(site.deploy("x.jar"), Arrays.copyOf(octets, octets.length - 10));
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("no complete jar"));
        assertThat(site.active("x")).containsExactly("1.0.0");
    }

    @Test
    void what_it_imports_and_nobody_offers_is_named_with_the_version_that_is_offered() throws Exception {
        serving("1.0.0", Good.class);
        refused(Jars.jar(folder, "x", "2.0.0", Good.class,
                Map.of("Import-Package", "org.staffetta.api.deploy;version=\"[2.0,3)\",*")),
                "needs org.staffetta.api.deploy [2.0,3), the server offers 1.0.0");
        int tries = site.deployment().history("").size();
        site.put(jar("1.0.0", Waiting.class), "other.jar");
        soon().until(() -> site.deployed("other.jar").filter(one -> one.serves()).isPresent());
        soon().until(() -> site.deployment().history("").size() == tries + 2);
        assertThat(site.deployment().history("x.jar").getFirst().reason()).as("tried once more, for another one came")
                .contains("[2.0,3)");
    }

    @Test
    void a_capability_or_a_java_that_nobody_has_is_named() throws Exception {
        serving("1.0.0", Good.class);
        refused(Jars.jar(folder, "x", "2.0.0", Good.class,
                Map.of("Require-Capability", "org.example.gpu;filter:=\"(&(org.example.gpu=fast)(version>=2.0.0))\"")),
                "needs org.example.gpu fast 2.0 or newer, which nobody offers");
        refused(Jars.jar(folder, "x", "2.0.1", Good.class,
                Map.of("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"", "-noee", "true")),
                "needs Java 99, the server runs on Java " + Runtime.version().feature());
    }

    @Test
    void a_class_for_a_newer_java_is_named() throws Exception {
        serving("1.0.0", Good.class);
        Path jar = jar("2.0.0", Good.class);
        JarEdits.edit(jar, (name, octets) -> {
            if (name.endsWith(".class")) {
                octets[7] = 99;
            }
            return octets;
        });
        refused(jar, "needs Java 55 (org/staffetta/deploy/sample/good/Good.class was compiled for it)");
    }

    @Test
    void one_that_fails_to_activate_leaves_the_old_version_serving() throws Exception {
        serving("1.0.0", Good.class);
        refused(jar("2.0.0", Failing.class), "no licence found");
    }

    @Test
    void one_that_lacks_a_service_leaves_the_old_version_serving() throws Exception {
        serving("1.0.0", Good.class);
        refused(jar("2.0.0", Hungry.class), "lacks the service java.util.function.IntSupplier, which nobody offers");
    }

    @Test
    void one_that_lacks_only_a_configuration_is_well() throws Exception {
        serving("1.0.0", Waiting.class);
    }

    @Test
    void one_that_finds_fault_with_itself_leaves_the_old_version_serving() throws Exception {
        serving("1.0.0", Good.class);
        refused(jar("2.0.0", Checked.class),
                "its check of itself says: java.io.IOException: the model file is missing");
    }

    @Test
    void one_that_hangs_leaves_the_old_version_serving_and_the_next_is_taken() throws Exception {
        serving("1.0.0", Good.class);
        site.set("start_timeout", "300ms");
        site.put(Jars.jar(folder, "x", "2.0.0", Hanging.class,
                Map.of("Bundle-Activator", Hanging.class.getName())), "x.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("has not come to an end after 300 ms"));
        assertThat(site.active("x")).containsExactly("1.0.0");
        site.set("start_timeout", "30s");
        serving("3.0.0", Good.class);
    }

    @Test
    void what_is_no_bundle_is_told_so() throws Exception {
        Path jar = jar("1.0.0", Good.class);
        JarEdits.edit(jar, (name, octets) -> name.equals("META-INF/MANIFEST.MF")
                ? "Manifest-Version: 1.0\n\n".getBytes(StandardCharsets.US_ASCII)
                : octets);
        site.put(jar, "x.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("so it is no bundle: build it with bnd"));
        site.put(Jars.jar(folder, "x", "1.0.0", Good.class, Map.of("Fragment-Host", "org.example.host")), "x.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("a fragment of org.example.host"));
    }

    @Test
    void one_that_needs_another_is_taken_when_that_one_has_come() throws Exception {
        site.put(Jars.jar(folder, "user", "1.0.0", User.class), "a-user.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("a-user.jar"))
                .contains("needs org.staffetta.deploy.sample.library").contains("which nobody offers"));
        site.put(Jars.jar(folder, "library", "1.0.0", Library.class, EXPORTS), "library.jar");
        soon().until(() -> site.active("user").equals(List.of("1.0.0")));
        soon().until(() -> site.trouble("a-user.jar").isEmpty());
    }

    @Test
    void who_uses_a_library_goes_over_to_the_new_one() throws Exception {
        site.put(Jars.jar(folder, "library", "1.0.0", Library.class, EXPORTS), "library.jar");
        site.put(Jars.jar(folder, "user", "1.0.0", User.class), "user.jar");
        soon().until(() -> site.active("user").equals(List.of("1.0.0")));
        site.put(Jars.jar(folder, "library", "1.1.0", Library.class, EXPORTS), "library.jar");
        soon().until(() -> site.active("library").equals(List.of("1.1.0")));
        soon().until(() -> Needs.users(site.bundles("library").getFirst()).contains("org.example.user"));
        soon().until(() -> site.active("user").equals(List.of("1.0.0")));
    }

    @Test
    void one_that_cannot_be_there_twice_is_stopped_first_and_started_again_if_the_new_one_fails() throws Exception {
        Map<String, String> replace = Map.of("Staffetta-Update", "replace");
        site.put(Jars.jar(folder, "x", "1.0.0", Exclusive.class, replace), "x.jar");
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
        site.put(Jars.jar(folder, "x", "2.0.0", Failing.class, replace), "x.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("x.jar")).contains("no licence found"));
        assertThat(site.active("x")).containsExactly("1.0.0");
        assertThat(System.getProperty(Exclusive.LOCK)).isEqualTo("held");
        site.put(Jars.jar(folder, "x", "3.0.0", Exclusive.class, replace), "x.jar");
        soon().until(() -> site.active("x").equals(List.of("3.0.0")));
    }

    @Test
    void without_that_header_it_would_not_have_started() throws Exception {
        serving("1.0.0", Exclusive.class);
        refused(jar("2.0.0", Exclusive.class), "the lock is held");
    }

    @Test
    void one_of_the_distribution_steps_aside_and_comes_back() throws Exception {
        Bundle own = site.installOwn(Jars.jar(folder, "x", "5.0.0", Good.class));
        site.put(jar("1.0.0", Good.class), "mine.jar");
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
        assertThat(own.getState()).isEqualTo(Bundle.RESOLVED);
        assertThat(site.deployed("mine.jar").orElseThrow().standsIn()).isTrue();
        Files.delete(site.deploy("mine.jar"));
        soon().until(() -> site.active("x").equals(List.of("5.0.0")));
        soon().until(() -> site.bundles("x").equals(List.of(own)));
    }

    @Test
    void one_of_the_distribution_that_others_are_built_on_stays() throws Exception {
        site.installOwn(Jars.jar(folder, "library", "1.0.0", Library.class, EXPORTS));
        site.put(Jars.jar(folder, "user", "1.0.0", User.class), "user.jar");
        soon().until(() -> site.active("user").equals(List.of("1.0.0")));
        site.put(Jars.jar(folder, "library", "1.1.0", Library.class, EXPORTS), "library.jar");
        soon().untilAsserted(() -> assertThat(site.trouble("library.jar"))
                .contains("cannot be replaced while the server runs").contains("used by org.example.user"));
        assertThat(site.active("library")).containsExactly("1.0.0");
    }

    @Test
    void jars_of_one_bundle_with_different_names_run_side_by_side() throws Exception {
        serving("1.0.0", Good.class);
        site.put(jar("2.0.0", Good.class), "canary.jar");
        soon().until(() -> site.active("x").equals(List.of("1.0.0", "2.0.0")));
        Files.delete(site.deploy("canary.jar"));
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
    }

    @Test
    void a_file_that_becomes_another_bundle_replaces_the_one_it_was() throws Exception {
        serving("1.0.0", Good.class);
        site.put(Jars.jar(folder, "y", "1.0.0", Good.class), "x.jar");
        soon().until(() -> site.active("y").equals(List.of("1.0.0")));
        soon().until(() -> site.bundles("x").isEmpty());
    }

    @Test
    void a_jar_that_is_refused_at_the_start_gives_way_to_what_served_last() throws Exception {
        serving("1.0.0", Good.class);
        refused(jar("2.0.0", Failing.class), "no licence found");
        site.close();
        site = new Site(folder);
        assertThat(site.active("x")).containsExactly("1.0.0");
        assertThat(site.trouble("x.jar")).contains("no licence found");
        serving("2.0.1", Good.class);
    }

    @Test
    void what_runs_is_known_to_the_next_instance_of_the_part() throws Exception {
        serving("1.0.0", Good.class);
        Bundle bundle = site.bundles("x").getFirst();
        site.reopen();
        assertThat(site.bundles("x")).containsExactly(bundle);
        Files.delete(site.deploy("x.jar"));
        soon().until(() -> site.bundles("x").isEmpty());
    }

    @Test
    void each_step_is_an_event() throws Exception {
        serving("1.0.0", Good.class);
        soon().untilAsserted(() -> assertThat(site.events)
                .extracting(
                        event -> event.fields().getOrDefault("step", "") + event.fields().getOrDefault("status", ""))
                .containsExactly("read", "resolve", "start", "components", "self-check", "switch", "done"));
        assertThat(site.last().steps()).matches("read \\d+ ms, resolve \\d+ ms, start \\d+ ms, .*switch \\d+ ms");
    }
}
