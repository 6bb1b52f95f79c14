package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Version;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

@Timeout(20)
class RegistryTest {

    private static final Duration NOT_AT_ALL = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(15);

    private final Registry registry = new Registry();
    private long id;

    @Test
    void the_best_of_a_name_is_lent_by_ranking_then_version_then_age() throws Exception {
        registry.put(plugin("old", "spf", 0, "1.0.0"));
        assertThat(lent("spf")).isEqualTo("old");
        registry.put(plugin("same version, newer", "spf", 0, "1.0.0"));
        assertThat(lent("spf")).isEqualTo("same version, newer");
        registry.put(plugin("newer version", "spf", 0, "1.1.0"));
        registry.put(plugin("late, of the old version", "spf", 0, "1.0.0"));
        assertThat(lent("spf")).isEqualTo("newer version");
        registry.put(plugin("ranked higher", "spf", 1, "0.9.0"));
        assertThat(lent("spf")).isEqualTo("ranked higher");
    }

    @Test
    void who_asks_for_a_plugin_that_is_not_there_waits_for_it() throws Exception {
        assertThat(registry.lease(String.class, "spf", NOT_AT_ALL)).isEmpty();
        CompletableFuture<String> lent = CompletableFuture.supplyAsync(() -> lent("spf", LONG),
                Thread::startVirtualThread);
        registry.put(plugin("dkim", "dkim", 0, "1.0.0"));
        registry.put(plugin("spf", "spf", 0, "1.0.0"));
        assertThat(lent.get()).isEqualTo("spf");
    }

    @Test
    void one_that_wants_to_go_is_lent_no_more_and_waits_for_its_leases() throws Exception {
        Holder<String> old = plugin("old", "spf", 0, "1.0.0");
        registry.put(old);
        Lease<String> lease = registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow();
        CompletableFuture<Boolean> gone = CompletableFuture.supplyAsync(() -> registry.remove(old, LONG),
                Thread::startVirtualThread);
        await().until(() -> registry.plugins().getFirst().draining());
        assertThat(registry.lease(String.class, "spf", NOT_AT_ALL)).isEmpty();
        assertThat(gone).isNotDone();
        assertThat(registry.plugins().getFirst().leases()).isEqualTo(1);
        lease.close();
        assertThat(gone.get()).isTrue();
        assertThat(registry.plugins()).isEmpty();
    }

    @Test
    void while_one_drains_the_next_serves() throws Exception {
        Holder<String> old = plugin("old", "spf", 0, "2.0.0");
        registry.put(old);
        try (Lease<String> lease = registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow()) {
            registry.put(plugin("new", "spf", 0, "1.0.0"));
            Thread.startVirtualThread(() -> registry.remove(old, LONG));
            await().until(() -> lent("spf").equals("new"));
            assertThat(lease.service()).isEqualTo("old");
        }
    }

    @Test
    void a_drain_ends_in_time_whoever_still_holds_a_lease() throws Exception {
        Holder<String> old = plugin("old", "spf", 0, "1.0.0");
        registry.put(old);
        registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow();
        assertThat(registry.remove(old, Duration.ofMillis(50))).isFalse();
        assertThat(registry.plugins()).isEmpty();
    }

    @Test
    void who_holds_a_lease_without_end_is_told() throws Exception {
        Holder<String> old = plugin("old", "spf", 0, "1.0.0");
        registry.put(old);
        Lease<String> lease = registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow();
        lease.onRecall(lease::close);
        assertThat(registry.remove(old, LONG)).isTrue();

        AtomicBoolean told = new AtomicBoolean();
        lease.onRecall(() -> told.set(true));
        assertThat(told).as("told late is told at once").isTrue();
    }

    @Test
    void what_a_bundle_on_trial_brings_is_not_lent_before_it_takes_over_from_the_old_in_one_step() throws Exception {
        Holder<String> old = plugin("old", "spf", 0, "2.0.0");
        registry.put(old);
        Holder<String> fresh = plugin("fresh", "spf", 0, "1.0.0");
        registry.hold(Set.of(fresh.bundleId()));
        registry.put(fresh);
        assertThat(lent("spf")).isEqualTo("old");
        registry.hold(Set.of(old.bundleId()));
        assertThat(lent("spf")).isEqualTo("fresh");
        assertThat(registry.leaseAll(String.class)).extracting(Lease::service).containsExactly("fresh");
        registry.hold(Set.of());
        assertThat(lent("spf")).isEqualTo("old");
    }

    @Test
    void who_waits_for_one_on_trial_gets_it_when_it_is_let_in() throws Exception {
        Holder<String> fresh = plugin("fresh", "spf", 0, "1.0.0");
        registry.hold(Set.of(fresh.bundleId()));
        registry.put(fresh);
        assertThat(registry.lease(String.class, "spf", NOT_AT_ALL)).isEmpty();
        assertThatThrownBy(() -> registry.lease(String.class, List.of("*"), NOT_AT_ALL))
                .isInstanceOf(PluginException.class);
        CompletableFuture<String> lent = CompletableFuture.supplyAsync(() -> lent("spf", LONG),
                Thread::startVirtualThread);
        registry.hold(Set.of());
        assertThat(lent.get()).isEqualTo("fresh");
    }

    @Test
    void a_lease_that_is_not_given_back_is_told_once() throws Exception {
        registry.put(plugin("spf", "spf", 0, "1.0.0"));
        Lease<String> lost = registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow();
        Lease<String> endless = registry.lease(String.class, "spf", NOT_AT_ALL).orElseThrow();
        endless.onRecall(endless::close);
        List<String> told = new ArrayList<>();
        registry.tellOverdue(Duration.ofMinutes(1), notice -> told.add(notice.text()));
        assertThat(told).as("before its time").isEmpty();
        await().until(() -> registry.plugins().getFirst().oldestLease().toMillis() > 5);
        registry.tellOverdue(Duration.ofMillis(5), notice -> told.add(notice.plugin() + " " + notice.text()));
        registry.tellOverdue(Duration.ofMillis(5), notice -> told.add(notice.text()));
        assertThat(told).singleElement().asString()
                .startsWith("String spf is leased for more than 0 s by the thread " + Thread.currentThread().getName());
        lost.close();
        assertThat(registry.plugins().getFirst().oldestLease()).isZero();
    }

    @Test
    void all_of_a_kind_are_lent_one_for_each_name_in_their_order() {
        registry.put(plugin("a1", "a", 0, "1.0.0"));
        registry.put(plugin("b", "b", 5, "1.0.0"));
        registry.put(plugin("a2", "a", 0, "2.0.0"));
        List<Lease<String>> leases = registry.leaseAll(String.class);
        assertThat(leases).extracting(Lease::service).containsExactly("b", "a2");
        leases.forEach(Lease::close);
    }

    @Test
    void any_name_will_do_where_one_is_enough() throws Exception {
        registry.put(plugin("the router", "main", 0, "1.0.0"));
        assertThat(lent(Plugins.ANY)).isEqualTo("the router");
    }

    @Test
    void several_are_lent_in_the_order_of_their_names_all_or_none() throws Exception {
        registry.put(plugin("spf", "spf", 0, "1.0.0"));
        registry.put(plugin("dkim", "dkim", 9, "1.0.0"));
        registry.put(plugin("other", "other", 0, "1.0.0"));
        List<Lease<String>> leases = registry.lease(String.class, List.of("spf", "grey?", "*", "dkim"), NOT_AT_ALL);
        assertThat(leases).extracting(Lease::service).containsExactly("spf", "other", "dkim");
        leases.forEach(Lease::close);
        assertThatThrownBy(() -> registry.lease(String.class, List.of("spf", "arc", "dmarc"), NOT_AT_ALL))
                .isInstanceOf(PluginException.class).hasMessage("there is no string arc, dmarc");
        assertThat(registry.plugins()).extracting(Plugins.Plugin::leases).containsOnly(0);
    }

    @Test
    void a_name_that_went_a_moment_ago_is_known_still() {
        Holder<String> plain = plugin("plain", "PLAIN", 0, "1.0.0");
        registry.put(plain);
        registry.remove(plain, NOT_AT_ALL);
        assertThat(registry.names(String.class)).containsExactly("PLAIN");
        assertThat(registry.names(Integer.class)).isEmpty();
    }

    @Test
    void who_watches_is_told_of_each_change() {
        AtomicInteger changes = new AtomicInteger();
        Plugins.Watch watch = registry.onChange(changes::incrementAndGet);
        Holder<String> one = plugin("one", "one", 0, "1.0.0");
        registry.put(one);
        registry.remove(one, NOT_AT_ALL);
        watch.close();
        registry.put(plugin("two", "two", 0, "1.0.0"));
        assertThat(changes).hasValue(2);
    }

    @Test
    void all_versions_of_a_name_are_lent_the_best_first_but_none_that_goes() {
        Holder<String> old = plugin("old", "filter", 0, "1.0.0");
        Holder<String> fresh = plugin("fresh", "filter", 0, "1.10.0");
        registry.put(old);
        registry.put(fresh);
        registry.put(plugin("between", "filter", 0, "1.9.0"));
        registry.put(plugin("other", "other", 9, "9.0.0"));
        List<Lease<String>> versions = registry.leaseVersions(String.class, "filter");
        assertThat(versions).extracting(Lease::service).containsExactly("fresh", "between", "old");
        assertThat(versions).extracting(Lease::version).containsExactly("1.10.0", "1.9.0", "1.0.0");
        versions.forEach(Lease::close);
        registry.remove(fresh, NOT_AT_ALL);
        List<Lease<String>> left = registry.leaseVersions(String.class, "filter");
        assertThat(left).extracting(Lease::service).containsExactly("between", "old");
        left.forEach(Lease::close);
    }

    private Holder<String> plugin(String service, String name, int ranking, String version) {
        return new Holder<>(String.class, service, List.of(name),
                new Holder.Rank(ranking, Version.parseVersion(version), ++id), "bundle", id, Map.of(),
                new Gate(), Optional.empty());
    }

    private String lent(String name) {
        return lent(name, NOT_AT_ALL);
    }

    private String lent(String name, Duration patience) {
        try (Lease<String> lease = registry.lease(String.class, name, patience).orElseThrow()) {
            return lease.service();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
