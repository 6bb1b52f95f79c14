package org.staffetta.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.acme.Schedule.Window;

class KeeperTest {

    private static final Duration LIFE = Duration.ofDays(90);

    @TempDir
    Path folder;

    private final List<String> alarms = new ArrayList<>();
    private final FakeAuthority authority = new FakeAuthority();
    private Map<String, Object> settings = new HashMap<>(Map.of("terms", "accepted"));
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private Keeper keeper;

    /** Issues what is asked for, or fails as it is told to. */
    private final class FakeAuthority implements Authority {

        private final List<String> asked = new ArrayList<>();
        private Optional<IOException> failure = Optional.empty();
        private Optional<PublicKey> otherKey = Optional.empty();
        private Optional<Window> window = Optional.empty();
        private List<String> more = List.of();

        @Override
        public List<X509Certificate> issue(Order order, KeyPair keys, Optional<X509Certificate> replaced)
                throws IOException {
            asked.add(order.name() + (replaced.isPresent() ? " again" : ""));
            if (failure.isPresent()) {
                throw failure.get();
            }
            List<String> names = new ArrayList<>(order.domains());
            names.addAll(more);
            return List.of(Issuing.certificate(names, otherKey.orElse(keys.getPublic()), now, now.plus(LIFE)));
        }

        @Override
        public Optional<Window> renewal(X509Certificate certificate) {
            return window;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @BeforeEach
    void begin() {
        keeper = keeper();
        order("mx.test");
    }

    // also what a restart is
    private Keeper keeper() {
        return new Keeper(Configs.settings(settings),
                new Shelf(folder.resolve("certificates"), folder.resolve("acme")), () -> now, new SecureRandom(),
                _ -> authority, alarms::add);
    }

    private void order(String... domains) {
        order(Map.of("domains", domains));
    }

    private void order(Map<String, Object> values) {
        keeper.orders(Map.of("mx", Configs.order("mx", values)));
    }

    private void change(String key, Object value) {
        settings.put(key, value);
        keeper.settings(Configs.settings(settings));
    }

    private Pem pem() throws IOException {
        return Pem.of(Files.readString(folder.resolve("certificates/mx.pem")));
    }

    private Standing standing() {
        return keeper.standings().getFirst();
    }

    @Test
    void a_certificate_is_got_when_there_is_none_and_is_a_file_for_its_owner_only() throws Exception {
        assertThat(standing().until()).isEmpty();
        keeper.pass();
        assertThat(Shelf.names(pem().chain().getFirst())).containsExactly("mx.test");
        assertThat(standing().until()).contains(now.plus(LIFE));
        assertThat(standing().error()).isEmpty();
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
        }
    }

    @Test
    void without_the_terms_accepted_nobody_is_asked() throws Exception {
        change("terms", "no");
        keeper.pass();
        assertThat(authority.asked).isEmpty();
        assertThat(standing().error()).contains("acme.terms = accepted");
        change("terms", "accepted");
        keeper.pass();
        assertThat(standing().until()).isPresent();
    }

    @Test
    void it_is_not_asked_for_again_before_two_thirds_of_its_life() throws Exception {
        keeper.pass();
        now = now.plus(Duration.ofDays(56));
        keeper.pass();
        keeper = keeper();
        order("mx.test");
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx");
        now = now.plus(Duration.ofDays(4));
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx", "mx again");
        assertThat(standing().until()).contains(now.plus(LIFE));
    }

    @Test
    void the_authority_may_suggest_another_time() throws Exception {
        keeper.pass();
        authority.window = Optional.of(new Window(now.plus(Duration.ofDays(5)), now.plus(Duration.ofDays(6)),
                now.plus(Duration.ofHours(7))));
        assertThat(keeper.pass()).isEqualTo(now.plus(Duration.ofHours(7)));
        assertThat(standing().next()).isBetween(now.plus(Duration.ofDays(5)), now.plus(Duration.ofDays(6)));

        // as when it revokes: at once
        authority.window = Optional.of(new Window(now.minusSeconds(7200), now.minusSeconds(3600),
                now.plus(Duration.ofHours(48))));
        now = now.plus(Duration.ofHours(13));
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx", "mx again");
    }

    @Test
    void an_authority_that_is_never_content_is_not_asked_without_end() throws Exception {
        authority.window = Optional.of(new Window(now.minusSeconds(7200), now.minusSeconds(3600),
                now.plus(Duration.ofDays(7))));
        authority.more = List.of("www.mx.test");
        for (int i = 0; i < 10; i++) {
            keeper.pass();
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(authority.asked).containsExactly("mx");
        now = now.plus(Duration.ofHours(3));
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx", "mx again");
    }

    @Test
    void the_key_is_the_same_after_a_renewal_unless_that_is_not_wanted() throws Exception {
        keeper.pass();
        PublicKey first = pem().keys().getPublic();
        keeper.renew("mx", false);
        assertThat(pem().keys().getPublic()).isEqualTo(first);
        keeper.renew("mx", true);
        PublicKey second = pem().keys().getPublic();
        assertThat(second).isNotEqualTo(first);
        order(Map.of("domains", new String[]{"mx.test"}, "key_kept", false));
        keeper.renew("mx", false);
        assertThat(pem().keys().getPublic()).isNotEqualTo(second);
        assertThat(authority.asked).hasSize(4);
    }

    @Test
    void other_domains_another_kind_of_key_and_another_authority_need_another_certificate() throws Exception {
        keeper.pass();
        order("mx.test", "smtp.test");
        keeper.pass();
        assertThat(Shelf.names(pem().chain().getFirst())).containsExactlyInAnyOrder("mx.test", "smtp.test");
        order(Map.of("domains", new String[]{"smtp.test", "mx.test"}));
        keeper.pass();
        assertThat(authority.asked).hasSize(2);
        order(Map.of("domains", new String[]{"mx.test", "smtp.test"}, "key", "rsa2048"));
        keeper.pass();
        assertThat(KeyKind.RSA2048.fits(pem().keys().getPublic())).isTrue();
        change("directory", "https://other.test/dir");
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx", "mx again", "mx again", "mx");
        keeper.pass();
        assertThat(authority.asked).hasSize(4);
    }

    @Test
    void after_each_failure_the_pause_is_twice_as_long_and_a_restart_does_not_shorten_it() throws Exception {
        authority.failure = Optional.of(new IOException("the moon is in the way"));
        Instant next = keeper.pass();
        assertThat(next).isBetween(now.plus(Duration.ofMinutes(10)), now.plus(Duration.ofMinutes(12)));
        assertThat(standing().error()).isEqualTo("the moon is in the way");

        keeper = keeper();
        order("mx.test");
        assertThat(keeper.pass()).isEqualTo(next);
        assertThat(authority.asked).hasSize(1);
        assertThat(standing().error()).isEqualTo("the moon is in the way");

        now = next;
        assertThat(keeper.pass()).isBetween(now.plus(Duration.ofMinutes(20)), now.plus(Duration.ofMinutes(24)));
        assertThat(standing().failures()).isEqualTo(2);

        now = standing().next();
        authority.failure = Optional.empty();
        keeper.pass();
        assertThat(standing().failures()).isZero();
        assertThat(standing().error()).isEmpty();
    }

    @Test
    void other_settings_are_tried_at_once() throws Exception {
        authority.failure = Optional.of(new IOException("no"));
        keeper.pass();
        order("mx2.test");
        keeper.pass();
        assertThat(standing().failures()).isEqualTo(1);
        change("http_port", 8080);
        keeper.pass();
        assertThat(authority.asked).hasSize(3);
    }

    @Test
    void but_not_when_the_authority_has_asked_for_a_pause() throws Exception {
        Instant until = now.plus(Duration.ofDays(3));
        authority.failure = Optional.of(new LimitedException("too many certificates", until, new IOException()));
        keeper.pass();
        assertThat(standing().next()).isEqualTo(until);
        order("mx2.test");
        keeper.pass();
        assertThat(authority.asked).hasSize(1);

        authority.failure = Optional.empty();
        change("directory", "https://other.test/dir");
        keeper.pass();
        assertThat(standing().until()).isPresent();
    }

    @Test
    void a_failed_renewal_leaves_the_certificate_that_there_is() throws Exception {
        keeper.pass();
        byte[] before = Files.readAllBytes(folder.resolve("certificates/mx.pem"));
        now = now.plus(Duration.ofDays(61));
        authority.failure = Optional.of(new IOException("no"));
        keeper.pass();
        assertThat(folder.resolve("certificates/mx.pem")).hasBinaryContent(before);
        assertThat(standing().until()).isPresent();
        assertThat(standing().error()).isEqualTo("no");
    }

    @Test
    void a_certificate_that_is_not_what_was_asked_for_is_not_taken() throws Exception {
        keeper.pass();
        byte[] before = Files.readAllBytes(folder.resolve("certificates/mx.pem"));
        authority.otherKey = Optional.of(KeyKind.EC256.generate(new SecureRandom()).getPublic());
        assertThat(keeper.renew("mx", false).error()).contains("not for our key");
        assertThat(folder.resolve("certificates/mx.pem")).hasBinaryContent(before);
    }

    @Test
    void the_third_failure_in_a_row_is_an_alarm_once_a_day() throws Exception {
        change("retry_first", "1h");
        change("retry_max", "1h");
        authority.failure = Optional.of(new IOException("no"));
        for (int i = 0; i < 2; i++) {
            keeper.pass();
            now = now.plus(Duration.ofHours(2));
        }
        assertThat(alarms).isEmpty();
        for (int i = 0; i < 12; i++) {
            keeper.pass();
            now = now.plus(Duration.ofHours(2));
        }
        assertThat(alarms).singleElement().asString().isEqualTo("certificate mx: 3 attempts to get it have failed: no");
        now = now.plus(Duration.ofHours(2));
        keeper.pass();
        assertThat(alarms).hasSize(2);
    }

    @Test
    void one_that_fails_does_not_keep_another_waiting() throws Exception {
        Order good = Configs.order("b", Map.of("domains", new String[]{"b.test"}));
        Order bad = Configs.order("a", Map.of("domains", new String[]{"a.test"}));
        keeper.orders(Map.of("a", bad, "b", good));
        authority.failure = Optional.of(new IOException("no"));
        keeper.pass();
        authority.failure = Optional.empty();
        keeper.renew("b", false);
        assertThat(keeper.standings()).extracting(one -> one.until().isPresent()).containsExactly(false, true);
    }

    @Test
    void the_key_is_on_disk_before_a_certificate_is_asked_for_and_is_used_again() throws Exception {
        authority.failure = Optional.of(new IOException("no"));
        keeper.pass();
        KeyPair asked = Pem.of(Files.readString(folder.resolve("acme/mx.key"))).keys();
        authority.failure = Optional.empty();
        keeper.renew("mx", false);
        assertThat(pem().keys().getPublic()).isEqualTo(asked.getPublic());
        assertThat(folder.resolve("acme/mx.key")).doesNotExist();
    }

    @Test
    void files_that_cannot_be_read_are_as_good_as_none() throws Exception {
        keeper.pass();
        Files.writeString(folder.resolve("certificates/mx.pem"), "what is this");
        Files.writeString(folder.resolve("acme/mx.properties"), "failures=many");
        keeper = keeper();
        order("mx.test");
        keeper.pass();
        assertThat(authority.asked).hasSize(2);
        assertThat(pem().chain()).hasSize(1);
    }

    @Test
    void a_certificate_that_somebody_else_put_there_is_replaced_and_its_key_kept() throws Exception {
        KeyPair keys = KeyKind.EC256.generate(new SecureRandom());
        Pem theirs = new Pem(List.of(Issuing.certificate(List.of("mx.test"), keys.getPublic(), now, now.plus(LIFE))),
                keys);
        Files.createDirectories(folder.resolve("certificates"));
        Files.writeString(folder.resolve("certificates/mx.pem"), theirs.text());
        keeper.pass();
        assertThat(authority.asked).containsExactly("mx");
        assertThat(pem().keys().getPublic()).isEqualTo(keys.getPublic());
    }

    @Test
    void what_nobody_has_ordered_is_not_renewed() {
        assertThatThrownBy(() -> keeper.renew("other", false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no acme.certificate.other");
    }
}
