package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

            Jars.deploy(deploy, "subject", "1.0.0", SubjectFilter.class);
            Path properties = server.conf().resolve("staffetta.properties");
            String before = Files.readString(properties);
            Files.writeString(properties,
                    before.replaceFirst("(?m)^listener.smtp.filters *=.*$", "listener.smtp.filters = subject"));
            patiently().until(() -> mail(server, "casino").startsWith("550 5.7.1"));
            assertThat(mail(server, "lunch")).startsWith("250");
            assertThat(server.command("plugins").output()).contains("subject").contains("1.0.0");

            Jars.deploy(deploy, "subject", "1.1.0", SubjectFilter.class);
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
}
