package org.staffetta.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.mail.Address;

/** The service while its settings change. */
class DirectoryComponentTest {

    private static final Address ALICE = Address.parse("alice@demo.test");

    private final List<Dictionary<?, ?>> registered = new ArrayList<>();
    private LdapServer server;

    @BeforeEach
    void start() throws LDAPException {
        server = new LdapServer();
    }

    @AfterEach
    void stop() {
        server.takes(0);
        server.close();
    }

    @Test
    void it_is_there_under_its_name_with_its_mechanisms_until_it_is_stopped() throws IOException {
        DirectoryComponent component = started(good());
        assertThat(component.find(ALICE)).isInstanceOf(Account.class);
        assertThat(registered).hasSize(1);
        assertThat(registered.getFirst().get("staffetta.name")).isEqualTo("main");
        assertThat((String[]) registered.getFirst().get("staffetta.mechanism")).containsExactly("PLAIN", "LOGIN");
        component.stop();
        assertThat(registered).isEmpty();
    }

    @Test
    void with_wrong_settings_it_cannot_tell_and_does_as_soon_as_they_are_right() throws IOException {
        DirectoryComponent component = started(TestConfig.of("url=" + server.url()));
        assertThat(registered).hasSize(1);
        assertThatThrownBy(() -> component.find(ALICE)).isInstanceOf(IOException.class)
                .hasMessageContaining("directory.ldap.main");
        component.modified(good());
        assertThat(component.find(ALICE)).isInstanceOf(Account.class);
        component.stop();
    }

    @Test
    void a_wrong_change_leaves_things_as_they_are() throws IOException {
        DirectoryComponent component = started(good());
        component.modified(TestConfig.of("url=nonsense"));
        assertThat(component.find(ALICE)).isInstanceOf(Account.class);
        component.stop();
    }

    @Test
    void who_is_asking_while_they_change_is_answered() throws Exception {
        DirectoryComponent component = started(good());
        server.takes(700);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<DirectoryEntry> before = threads.submit(() -> component.find(ALICE));
            await().until(() -> !server.asked.isEmpty());
            component.modified(TestConfig.of("url=" + server.url(), "base=" + LdapServer.BASE, "domains=other.test"));
            assertThat(component.find(ALICE)).isEqualTo(new Foreign());
            assertThat(before.get()).isInstanceOf(Account.class);
        }
        component.stop();
    }

    private DirectoryConfig good() {
        return TestConfig.of("url=" + server.url(), "base=" + LdapServer.BASE, "domains=demo.test", "timeout=3s");
    }

    private DirectoryComponent started(DirectoryConfig config) {
        BundleContext context = proxy(BundleContext.class, (method, args) -> {
            if (!method.equals("registerService")) {
                return null;
            }
            Dictionary<?, ?> properties = (Dictionary<?, ?>) args[2];
            registered.add(properties);
            return proxy(ServiceRegistration.class, (_, _) -> {
                registered.remove(properties);
                return null;
            });
        });
        DirectoryComponent component = new DirectoryComponent(context, config,
                Map.of("service.pid", "org.staffetta.directory.ldap~main"));
        component.start();
        return component;
    }

    private interface Answers {
        Object to(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, args) -> answers.to(method.getName(), args)));
    }
}
