package org.staffetta.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import javax.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.staffetta.api.session.Sessions;

/** The bundles of the mail server in a container of Pax Exam's making: no launcher, no script. */
@RunWith(PaxExam.class)
public class ContainerIT {

    @Inject
    private BundleContext context;

    /** The same feature files that the distribution starts from say what is in this container. */
    @Configuration
    public Option[] container() throws IOException {
        Sink sink = new Sink();
        List<Option> options = Container.options();
        options.add(systemProperty("staffetta.set.router.routes").value("second.test smtp:[127.0.0.1]:" + sink.port()));
        return options.toArray(Option[]::new);
    }

    @Test
    public void every_bundle_is_active() throws Exception {
        until("all bundles active", () -> inactive().isEmpty());
        assertEquals(List.of(), inactive());
    }

    @Test
    public void a_mail_goes_from_the_socket_to_the_mailbox() throws Exception {
        try (Client client = new Client(port())) {
            client.say("EHLO me.test");
            assertTrue(client.send("someone@elsewhere.test", "alice@demo.test", "Subject: hello\r\n\r\nx")
                    .startsWith("250"));
        }
        Path mailbox = Path.of(context.getProperty("staffetta.data"), "mailboxes/demo.test/alice/new");
        until("a mail in " + mailbox, () -> Files.isDirectory(mailbox) && holdsFile(mailbox));
    }

    @Test
    public void a_mail_for_elsewhere_leaves_by_the_relay() throws Exception {
        String id;
        try (Client client = new Client(port())) {
            client.say("EHLO me.test");
            String reply = client.send("alice@demo.test", "carol@second.test", "Subject: onward\r\n\r\n.x");
            assertTrue(reply, reply.startsWith("250"));
            id = reply.replaceAll(".* ", "");
        }
        Path log = Path.of(context.getProperty("staffetta.data"), "log/mail.log");
        until(id + " sent, as told in " + log, () -> Files.isRegularFile(log) && Files.readAllLines(log).stream()
                .anyMatch(line -> line.contains(id) && line.contains("to=<carol@second.test>")
                        && line.contains("status=sent")));
    }

    private int port() throws Exception {
        until("a listener", () -> context.getServiceReference(Sessions.class) != null);
        ServiceReference<Sessions> listener = context.getServiceReference(Sessions.class);
        String address = context.getService(listener).address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private List<String> inactive() {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && !isFragment(bundle))
                .filter(bundle -> bundle != FrameworkUtil.getBundle(ContainerIT.class)).map(Bundle::getSymbolicName)
                .toList();
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get("Fragment-Host") != null;
    }

    private static boolean holdsFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        }
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue("waited 30 s in vain for " + what, System.nanoTime() < deadline);
            Thread.sleep(20);
        }
    }
}
