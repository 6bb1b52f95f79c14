package org.staffetta.listener;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.tls.Tls;
import org.staffetta.plugins.TestPlugins;
import org.staffetta.ports.TestPorts;

/** A listener with a spool in memory and a demo domain. */
final class TestServer implements AutoCloseable {

    final TestPlugins plugins = new TestPlugins();
    final Parts parts = new Parts();
    final TestPorts ports;
    final MemorySpool spool;
    final DemoRouter router = new DemoRouter();
    final List<MailEvent> events = new CopyOnWriteArrayList<>();
    final SmtpServer server;

    TestServer(String... overrides) {
        this(new MemorySpool(), overrides);
    }

    TestServer(MemorySpool spool, String... overrides) {
        this(spool, new TestPorts(Duration.ofMinutes(1)), overrides);
    }

    /** The next version of a listener that has its port and spool from the one before. */
    TestServer(TestServer before, String... overrides) {
        this(before.spool, before.ports, overrides);
    }

    private TestServer(MemorySpool spool, TestPorts ports, String... overrides) {
        this.spool = spool;
        this.ports = ports;
        plugins.put(Spool.class, spool, "file");
        plugins.put(Router.class, router, "demo");
        parts.bindPlugins(plugins);
        parts.bindEvents((MailEvents) events::add);
        server = new SmtpServer(TestSettings.of(overrides), parts, ports, InstantSource.system());
    }

    TestServer with(String name, Filter filter) {
        plugins.put(Filter.class, filter, name);
        return this;
    }

    /** A version of a filter, with service properties if there are any. */
    TestServer with(String name, String version, Filter filter, Map<String, String> properties) {
        plugins.put(Filter.class, filter, name, version, properties);
        return this;
    }

    /** What the operator wants of a filter, from now on. */
    TestServer wanting(String filter, String... settings) {
        Map<String, Object> properties = Map.of("service.pid", "org.staffetta.filter~" + filter);
        parts.bindFilter(new FilterSettings(TestSettings.filter(settings), properties));
        return this;
    }

    TestServer tenant(String name, String... settings) {
        parts.bindTenant(new TenantSettings(TestSettings.tenant(settings),
                Map.of("service.pid", "org.staffetta.tenant~" + name)));
        return this;
    }

    /** What a filter has said so far, as its link in the chain shows it. */
    Map<String, Long> counters(String filter, String role) {
        return server.links().stream().filter(link -> link.name().equals(filter) && link.role().equals(role))
                .findFirst()
                .orElseThrow().counters();
    }

    /** What a filter has found so far, likewise. */
    Map<String, Long> results(String filter) {
        return server.links().stream().filter(link -> link.name().equals(filter)).findFirst().orElseThrow().results();
    }

    TestServer with(Authenticator authenticator, String... mechanisms) {
        plugins.put(Authenticator.class, authenticator, mechanisms);
        return this;
    }

    TestServer with(Tls tls) {
        parts.bindTls(tls);
        return this;
    }

    /** A client that has read the greeting. */
    SmtpClient greeted() throws IOException {
        SmtpClient client = client();
        client.expect(220);
        return client;
    }

    /** A client that has said EHLO. */
    SmtpClient hello() throws IOException {
        SmtpClient client = greeted();
        client.command("EHLO client.example", 250);
        return client;
    }

    SmtpClient client() throws IOException {
        return new SmtpClient(address());
    }

    InetSocketAddress address() {
        String address = server.address();
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    List<MailEvent> events(MailEvent.Kind kind) {
        return new ArrayList<>(events.stream().filter(event -> event.kind() == kind).toList());
    }

    /** The only message there is. */
    MemorySpool.Stored message() {
        if (spool.stored.size() != 1) {
            throw new AssertionError("not one message but " + spool.stored.size());
        }
        return spool.stored.getFirst();
    }

    @Override
    public void close() {
        server.abandon();
        parts.stop();
        // each session gives back what it leased when its thread ends, which may be a moment after its connection has
        await().until(() -> plugins.leases() == 0);
    }
}
