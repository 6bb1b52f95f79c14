package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.deploy.Site.soon;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Progress;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.deploy.sample.failing.Failing;
import org.staffetta.deploy.sample.good.Good;
import org.staffetta.deploy.sample.lazy.Lazy;

/** What the shell and the web console ask for. */
@Timeout(120)
class CommandsTest {

    @TempDir
    private Path folder;
    private Site site;
    private DeployComponent deployment;

    @BeforeEach
    void open() throws Exception {
        site = new Site(folder);
        deployment = site.deployment();
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    private Path jar(String version) throws Exception {
        return Jars.jar(folder, "x", version, Good.class);
    }

    private Deployed update(String version) throws Exception {
        Deployed updated = deployment.update(jar(version), Progress.NONE);
        soon().until(() -> site.active("x").equals(List.of(version)));
        return updated;
    }

    @Test
    void what_is_installed_is_in_the_folder_and_survives_a_restart() throws Exception {
        List<String> steps = new ArrayList<>();
        Deployed installed = deployment.install(jar("1.0.0"), (step, detail) -> steps.add(step));
        assertThat(steps).containsExactly("read", "resolve", "start", "components", "self-check", "keep", "switch");
        assertThat(installed.serves()).isTrue();
        assertThat(installed.file()).isEqualTo("org.example.x.jar");
        assertThat(site.deploy("org.example.x.jar")).exists();
        Bundle bundle = site.bundles("x").getFirst();
        update("1.1.0");
        assertThat(site.bundles("x")).doesNotContain(bundle);
        site.close();
        site = new Site(folder);
        assertThat(site.active("x")).containsExactly("1.1.0");
        assertThat(site.deployment().history("")).as("that it was there at the start is no news").hasSize(2);
    }

    @Test
    void all_classes_are_loaded_before_the_switch() throws Exception {
        List<String> course = new ArrayList<>();
        site.context().registerService(WeavingHook.class, woven -> course.add(woven.getClassName()), null);
        deployment.install(Jars.jar(folder, "x", "1.0.0", Lazy.class),
                (step, detail) -> course.add(step + " " + detail));
        assertThat(course).containsSubsequence("start ", Lazy.class.getName(), Lazy.class.getName() + "$Later",
                "components 1 component, 2 classes", "switch 1.0.0 serves");
    }

    @Test
    void the_watcher_does_nothing_twice() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        update("1.1.0");
        site.put(Jars.jar(folder, "y", "1.0.0", Good.class), "y.jar");
        soon().until(() -> site.active("y").equals(List.of("1.0.0")));
        deployment.remove("org.example.x", Progress.NONE);
        site.put(Jars.jar(folder, "z", "1.0.0", Good.class), "z.jar");
        soon().until(() -> site.active("z").equals(List.of("1.0.0")));
        assertThat(deployment.history("org.example.x")).extracting(past -> past.action()).containsExactly("remove",
                "update", "install");
    }

    @Test
    void what_does_not_fit_is_refused() throws Exception {
        assertThatThrownBy(() -> deployment.update(jar("1.0.0"), Progress.NONE)).isInstanceOf(DeploymentException.class)
                .hasMessage("org.example.x is not there to be updated: install it");
        deployment.install(jar("1.0.0"), Progress.NONE);
        assertThatThrownBy(() -> deployment.install(jar("1.1.0"), Progress.NONE)).hasMessage(
                "org.example.x is there already as org.example.x.jar 1.0.0: update it, or install this one beside it");
        assertThatThrownBy(() -> deployment.remove("org.example.y", Progress.NONE))
                .hasMessage("nothing in deploy/ is called org.example.y");
        assertThatThrownBy(() -> deployment.rollback("org.example.x", Progress.NONE))
                .hasMessage("no earlier version of org.example.x.jar is kept");
        assertThatThrownBy(() -> deployment.install(folder.resolve("none.jar"), Progress.NONE))
                .hasMessageStartingWith("there is no file ");
        assertThat(site.active("x")).containsExactly("1.0.0");
    }

    @Test
    void an_update_that_fails_leaves_the_folder_as_it_was() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        byte[] before = Files.readAllBytes(site.deploy("org.example.x.jar"));
        assertThatThrownBy(
                () -> deployment.update(Jars.jar(folder, "x", "2.0.0", Failing.class), Progress.NONE))
                .hasMessageContaining("no licence found");
        assertThat(Files.readAllBytes(site.deploy("org.example.x.jar"))).isEqualTo(before);
        assertThat(site.active("x")).containsExactly("1.0.0");
        assertThat(Files.list(folder.resolve("data/plugins/org.example.x"))).as("kept copies").hasSize(1);
    }

    @Test
    void a_rollback_goes_back_further_each_time_and_forth_by_name() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        update("1.1.0");
        Deployed third = update("1.2.0");
        assertThat(third.earlier()).containsExactly("1.1.0", "1.0.0");
        assertThat(deployment.rollback("org.example.x", Progress.NONE).version()).isEqualTo("1.1.0");
        Deployed first = deployment.rollback("org.example.x", Progress.NONE);
        assertThat(first.version()).isEqualTo("1.0.0");
        assertThat(first.earlier()).containsExactly("1.1.0", "1.2.0");
        assertThatThrownBy(() -> deployment.rollback("org.example.x", Progress.NONE))
                .hasMessageContaining("there is 1.1.0, 1.2.0");
        assertThat(deployment.rollback("org.example.x", "1.2.0", Progress.NONE).version()).isEqualTo("1.2.0");
        soon().until(() -> site.active("x").equals(List.of("1.2.0")));
        assertThat(Disk.digest(site.deploy("org.example.x.jar"))).isEqualTo(third.digest());
    }

    @Test
    void only_the_last_versions_are_kept() throws Exception {
        site.set("keep", 2);
        deployment.install(jar("1.0.0"), Progress.NONE);
        update("1.1.0");
        assertThat(update("1.2.0").earlier()).containsExactly("1.1.0");
    }

    @Test
    void two_versions_beside_one_another_are_named_by_their_files() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        assertThat(deployment.installBeside(jar("2.0.0"), Progress.NONE).file()).isEqualTo("org.example.x-2.0.0.jar");
        assertThat(site.active("x")).containsExactly("1.0.0", "2.0.0");
        assertThatThrownBy(() -> deployment.update(jar("3.0.0"), Progress.NONE)).hasMessageContaining(
                "there are several of org.example.x as org.example.x-2.0.0.jar 2.0.0, org.example.x.jar 1.0.0");
        assertThatThrownBy(() -> deployment.remove("org.example.x", Progress.NONE))
                .hasMessageContaining("name the file: org.example.x-2.0.0.jar, org.example.x.jar");
        deployment.remove("org.example.x.jar", Progress.NONE);
        soon().until(() -> site.active("x").equals(List.of("2.0.0")));
    }

    @Test
    void one_of_the_distribution_is_updated_and_comes_back_by_rollback() throws Exception {
        site.installOwn(jar("5.0.0"));
        assertThat(update("5.0.1").standsIn()).isTrue();
        assertThat(deployment.rollback("org.example.x", Progress.NONE).serves()).isFalse();
        assertThat(site.deploy("org.example.x.jar")).doesNotExist();
        soon().until(() -> site.active("x").equals(List.of("5.0.0")));
        assertThatThrownBy(() -> deployment.remove("org.example.x", Progress.NONE)).hasMessage(
                "org.example.x is a part of the server itself, and nothing in deploy/ stands in for it");
    }

    @Test
    void one_that_only_a_restart_can_replace_is_refused() throws Exception {
        site.installOwn(Jars.jar(folder, "x", "1.0.0", Good.class, Map.of("Staffetta-Update", "restart")));
        assertThatThrownBy(() -> deployment.update(jar("1.1.0"), Progress.NONE)).hasMessage(
                "org.example.x cannot be replaced while the server runs: put it into bundles/ in place of the old one, and start again");
        assertThatThrownBy(() -> deployment.update(
                Jars.jar(folder, "x", "1.1.0", Good.class, Map.of("Staffetta-Update", "later")), Progress.NONE))
                .hasMessage("its Staffetta-Update is \"later\", but must be beside, replace or restart");
    }

    @Test
    void an_update_whose_plugin_fails_again_and_again_is_rolled_back() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        update("1.1.0");
        long id = site.bundles("x").getFirst().getBundleId();
        site.plugins.add(plugin(id + 1, "open"));
        site.plugins.add(plugin(id, "open"));
        soon().until(() -> site.active("x").equals(List.of("1.0.0")));
        soon().untilAsserted(() -> assertThat(site.events)
                .filteredOn(event -> event.kind() == MailEvent.Kind.ALARM)
                .extracting(event -> event.fields().get("reason")).singleElement().asString()
                .matches(
                        "Filter x of org.example.x 1.1.0 failed again and again, \\d+ s after its update: rolled back to 1.0.0"));
        assertThat(site.last().action()).isEqualTo("rollback");
        assertThat(site.last().reason()).contains("failed again and again");
    }

    @Test
    void what_fails_later_or_was_not_updated_is_left_alone() throws Exception {
        deployment.install(jar("1.0.0"), Progress.NONE);
        site.plugins.add(plugin(site.bundles("x").getFirst().getBundleId(), "open"));
        site.set("rollback_within", "0s");
        update("1.1.0");
        site.plugins.add(plugin(site.bundles("x").getFirst().getBundleId(), "open"));
        site.put(Jars.jar(folder, "y", "1.0.0", Good.class), "y.jar");
        soon().until(() -> site.active("y").equals(List.of("1.0.0")));
        assertThat(site.active("x")).containsExactly("1.1.0");
    }

    private static Plugins.Plugin plugin(long bundle, String breaker) {
        return (Plugins.Plugin) Proxy.newProxyInstance(Plugins.class.getClassLoader(),
                new Class<?>[]{Plugins.Plugin.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "bundleId" -> bundle;
                    case "breaker" -> breaker;
                    case "kind" -> "Filter";
                    default -> "x";
                });
    }
}
