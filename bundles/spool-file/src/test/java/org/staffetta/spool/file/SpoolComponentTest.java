package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;

/** The service in its life: begun, set anew, replaced, ended. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SpoolComponentTest {

    private static final Envelope ENVELOPE = new Envelope(Address.NULL,
            List.of(new Recipient(Address.parse("ann@example.org"))), Map.of());

    @TempDir
    Path data;

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{BundleContext.class},
                (proxy, method, arguments) -> "staffetta.data".equals(arguments[0]) ? data.toString() : null);
    }

    // the settings that differ from their defaults
    private static SpoolConfig config(Map<String, Object> set) {
        Map<String, Object> settings = new HashMap<>(
                Map.of("segment_size", 1 << 20, "min_free", 0L, "min_free_percent", 0));
        settings.putAll(set);
        return (SpoolConfig) Proxy.newProxyInstance(SpoolConfig.class.getClassLoader(),
                new Class<?>[]{SpoolConfig.class},
                (proxy, method, arguments) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private static String put(Spool spool) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.commit(ENVELOPE, Ledger.HEADERS, Map.of());
            return draft.id();
        }
    }

    @Test
    void it_keeps_its_files_under_the_data_folder_for_its_owner_only() throws Exception {
        SpoolComponent spool = new SpoolComponent(context(), config(Map.of()));
        String id = put(spool);
        assertThat(spool.find(id)).isPresent();
        assertThat(spool.size()).isOne();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("spool"))))
                .isEqualTo("rwx------");
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("spool/" + Segment.name(1)))))
                .isEqualTo("rw-------");
        spool.deactivate();
        assertThatThrownBy(() -> put(spool)).isInstanceOf(SpoolException.class);
        assertThatThrownBy(spool::take).isInstanceOf(InterruptedException.class);
    }

    @Test
    void settings_are_heeded_live() throws Exception {
        SpoolComponent spool = new SpoolComponent(context(), config(Map.of()));
        put(spool);
        spool.modified(config(Map.of("min_free", Long.MAX_VALUE)));
        org.awaitility.Awaitility.await().until(() -> !accepts(spool));
        spool.modified(config(Map.of()));
        org.awaitility.Awaitility.await().until(() -> accepts(spool));
        String elsewhere = data.resolve("elsewhere").toString();
        spool.modified(config(Map.of("folder", elsewhere)));
        assertThat(spool.size()).isZero();
        put(spool);
        spool.modified(config(Map.of("folder", "/dev/null/nowhere")));
        assertThat(accepts(spool)).as("a folder that cannot be used changes nothing").isTrue();
        spool.deactivate();
        assertThat(Files.exists(Path.of(elsewhere, Segment.name(1)))).isTrue();
    }

    private static boolean accepts(Spool spool) {
        try {
            return !put(spool).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void a_successor_waits_until_its_predecessor_lets_go_of_the_folder() throws Exception {
        SpoolComponent before = new SpoolComponent(context(), config(Map.of()));
        String id = put(before);
        SpoolComponent after = new SpoolComponent(context(), config(Map.of()));
        CompletableFuture<String> taken = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Claim claim = after.take()) {
                taken.complete(claim.entry().id());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        CompletableFuture<String> accepted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                accepted.complete(put(after));
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        assertThat(put(before)).isGreaterThan(id);
        assertThat(taken).isNotDone();
        before.deactivate();
        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(id);
        assertThat(Objects.requireNonNull(accepted.get(20, TimeUnit.SECONDS))).isGreaterThan(id);
        after.deactivate();
    }

    @Test
    void a_folder_that_cannot_be_used_is_named() {
        assertThatThrownBy(() -> new SpoolComponent(context(), config(Map.of("folder", "/dev/null/spool"))))
                .isInstanceOf(IOException.class).hasMessageContaining("/dev/null/spool");
    }
}
