package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one server to the next. */
class RelayIT {

    private static final String SECOND = """
            domain  second.test
            account carol@second.test
            alias   postmaster@second.test  carol@second.test
            """;

    @TempDir
    private Path folder;

    @Test
    void a_mail_for_a_foreign_domain_goes_to_the_server_that_the_route_names() throws Exception {
        try (Server second = Server.in(folder.resolve("second")).file("directory.txt", SECOND).start();
                Server first = Server.in(folder.resolve("first"))
                        .set("router.routes", "second.test smtp:[127.0.0.1]:" + second.port())
                        .set("listener.smtp.trusted.networks", "127.0.0.0/8").start();
                Client client = new Client(first.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("alice@demo.test", "carol@second.test", "Subject: onward\r\n\r\n..a dot\r\n."))
                    .startsWith("250");
            await().atMost(Duration.ofSeconds(20)).until(() -> second.mailbox("carol@second.test").size() == 1);
            assertThat(Files.readString(second.mailbox("carol@second.test").getFirst())).contains("Subject: onward")
                    .contains("\n.a dot\n");
        }
    }

    @Test
    void a_mail_that_the_next_server_refuses_comes_back_as_a_bounce() throws Exception {
        try (Server second = Server.in(folder.resolve("second")).file("directory.txt", SECOND).start();
                Server first = Server.in(folder.resolve("first"))
                        .set("router.routes", "second.test smtp:[127.0.0.1]:" + second.port())
                        .set("listener.smtp.trusted.networks", "127.0.0.0/8").start();
                Client client = new Client(first.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("alice@demo.test", "nobody@second.test", "Subject: lost\r\n\r\nx"))
                    .startsWith("250");
            await().atMost(Duration.ofSeconds(20)).until(() -> first.mailbox("alice@demo.test").size() == 1);
            assertThat(Files.readString(first.mailbox("alice@demo.test").getFirst())).contains("Return-Path: <>")
                    .contains("multipart/report").contains("Status: 5.1.1").contains("nobody@second.test")
                    .contains("Subject: lost");
        }
    }

    @Test
    void a_mail_waits_while_the_next_server_is_down_and_goes_when_it_is_back() throws Exception {
        Server second = Server.in(folder.resolve("second")).file("directory.txt", SECOND).start();
        int port = second.port();
        second.kill();
        try (Server first = Server.in(folder.resolve("first"))
                .set("router.routes", "second.test smtp:[127.0.0.1]:" + port)
                .set("listener.smtp.trusted.networks", "127.0.0.0/8").start();
                Client client = new Client(first.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("alice@demo.test", "carol@second.test", "Subject: patience\r\n\r\nx"))
                    .startsWith("250");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readString(first.data().resolve("log/mail.log")).contains("status=deferred"));
            try (Server back = Server.in(folder.resolve("back")).file("directory.txt", SECOND)
                    .set("listener.smtp.port", Integer.toString(port)).start()) {
                assertThat(first.command("queue:retry", "--all").status()).isZero();
                await().atMost(Duration.ofSeconds(20)).until(() -> back.mailbox("carol@second.test").size() == 1);
            }
        }
    }
}
