package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.event.MailEvent.Kind;

class AuthenticationTest {

    private static final String SECRET = "AGJvYkBteWRvbWFpbi50bGQAc2VjcmV0";

    @ParameterizedTest
    @ValueSource(strings = {"off", "tls"})
    void itIsNotOfferedWhereItMustNotBe(String auth) throws IOException {
        try (TestServer server = server("auth=" + auth, "trusted.networks="); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO x", 250)).doesNotContain("AUTH");
            client.command("AUTH PLAIN " + SECRET, auth.equals("off") ? 502 : 538);
            client.command("MAIL FROM:<bob@mydomain.tld>", 250);
            client.command("RCPT TO:<a@ext.example>", 550);
        }
    }

    @Test
    void itIsNotOfferedWithoutMechanisms() throws IOException {
        try (TestServer server = new TestServer("auth=always"); SmtpClient client = server.greeted()) {
            assertThat(client.command("EHLO x", 250)).doesNotContain("AUTH");
            client.command("AUTH PLAIN " + SECRET, 504);
        }
    }

    @ParameterizedTest
    @CsvSource({"12286,535", "12287,500", "100000,500"})
    void theLengthOfAResponse(int length, int code) throws IOException {
        try (TestServer server = server("auth=always"); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN", 334);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(new byte[length]);
            client.command(base64.substring(0, length), code);
            client.command("NOOP", 250);
        }
    }

    @Test
    void anInitialResponseMayMakeALongCommand() throws IOException {
        try (TestServer server = server("auth=always"); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN " + "A".repeat(12_272), 535);
            client.command("NOOP " + "A".repeat(12_272), 500);
            client.command("AUTH PLAIN " + "A".repeat(12_280), 500);
            client.command("NOOP", 250);
        }
        try (TestServer server = server("auth=tls"); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN " + "A".repeat(4000), 500);
        }
    }

    @Test
    void aDialogueThatTheClientEndedIsOverWhateverTheAuthenticatorSays() throws IOException {
        Authenticator gullible = dialogue -> {
            try {
                dialogue.first();
            } catch (IOException swallowed) {
                return new Decision.Granted("anybody");
            }
            return new Decision.Granted("somebody");
        };
        try (TestServer server = new TestServer("auth=always", "trusted.networks=").with(gullible, "X");
                SmtpClient client = server.hello()) {
            client.command("AUTH X", 334);
            client.command("*", 501);
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<a@ext.example>", 550);
        }
    }

    @Test
    void anAuthenticatorThatFailsIsNoDenial() throws IOException {
        try (TestServer server = new TestServer("auth=always", "max.auth.failures=20").with(_ -> {
            throw new IOException("the directory is down");
        }, "A").with(_ -> {
            throw new IllegalStateException("a bug");
        }, "B").with(_ -> null, "C"); SmtpClient client = server.hello()) {
            client.command("AUTH A", 454);
            client.command("AUTH B", 454);
            client.command("AUTH C", 454);
        }
    }

    @Test
    void theOperatorIsToldWhoAndNothingOfTheSecret() throws IOException {
        try (TestServer server = server("auth=always"); SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAd3Jvbmc=", 535);
            client.command("AUTH PLAIN " + SECRET, 235);
            assertThat(server.events(Kind.AUTHENTICATED)).extracting(event -> event.fields().get("status"))
                    .containsExactly("failed", "ok");
            assertThat(server.events(Kind.AUTHENTICATED).getLast().fields())
                    .containsEntry("account", "bob@mydomain.tld")
                    .containsEntry("mechanism", "PLAIN");
            assertThat(server.events.toString()).doesNotContain("secret").doesNotContain(SECRET)
                    .doesNotContain("c2VjcmV0");
        }
    }

    private static TestServer server(String... overrides) {
        return new TestServer(overrides).with(new PasswordAuthenticator(), "PLAIN", "LOGIN");
    }
}
