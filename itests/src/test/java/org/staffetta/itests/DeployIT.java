package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.plugin.SubjectFilter;

/** A jar put into {@code deploy/} is live, and gone when it is taken away, while the server runs. */
class DeployIT {

    @TempDir
    private Path folder;

    @Test
    void a_filter_dropped_into_deploy_is_asked_and_one_replaced_is_asked_anew() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        try (Server server = Server.in(folder).start()) {
            assertThat(mail(server, "casino")).startsWith("250");

            put(jar("1.0.0"), deploy);
            Path properties = server.conf().resolve("staffetta.properties");
            String before = Files.readString(properties);
            Files.writeString(properties,
                    before.replaceFirst("(?m)^listener.smtp.filters *=.*$", "listener.smtp.filters = subject"));
            patiently().until(() -> mail(server, "casino").startsWith("550 5.7.1"));
            assertThat(mail(server, "lunch")).startsWith("250");
            assertThat(server.command("plugins").output()).contains("subject").contains("1.0.0");

            put(jar("1.1.0"), deploy);
            patiently().until(() -> server.command("plugins").output().contains("1.1.0"));
            assertThat(mail(server, "casino")).startsWith("550 5.7.1");

            Files.delete(deploy.resolve("subject.jar"));
            patiently().until(() -> !server.command("plugins").output().contains("1.1.0"));
            assertThat(mail(server, "casino")).as("a filter that is named and not there is never skipped")
                    .startsWith("421 4.3.2");

            Files.writeString(properties, before);
            patiently().until(() -> mail(server, "casino").startsWith("250"));
        }
    }

    private static String mail(Server server, String subject) throws Exception {
        try (Client client = new Client(server.port())) {
            if (!client.greeting().startsWith("220")) {
                return client.greeting();
            }
            client.say("EHLO me.test");
            String sender = client.say("MAIL FROM:<someone@elsewhere.test>");
            if (!sender.startsWith("250")) {
                return sender;
            }
            String recipient = client.say("RCPT TO:<alice@demo.test>");
            if (!recipient.startsWith("250")) {
                return recipient;
            }
            client.say("DATA");
            return client.say("Subject: " + subject + "\r\n\r\nx\r\n.");
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }

    // copied beside and moved into place, so that nobody sees half a jar
    private static void put(Path jar, Path deploy) throws Exception {
        Files.move(jar, deploy.resolve("subject.jar"), StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private Path jar(String version) throws Exception {
        Path classes = Path.of(SubjectFilter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Builder builder = new Builder()) {
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "org.example.subject");
            builder.setProperty(Constants.BUNDLE_VERSION, version);
            builder.setProperty(Constants.PRIVATE_PACKAGE, SubjectFilter.class.getPackageName());
            builder.addClasspath(classes.toFile());
            builder.addClasspath(Path.of(
                    org.staffetta.api.filter.Filter.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toFile());
            Path jar = folder.resolve("subject-" + version + ".tmp");
            try (Jar built = builder.build()) {
                assertThat(builder.getErrors()).isEmpty();
                built.write(jar.toFile());
                // bnd dates the file as its newest class, and both versions have the same; a copy would be dated now
                Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
            }
            return jar;
        }
    }
}
