package org.staffetta.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Reply;

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

    @ParameterizedTest
    @ValueSource(strings = {"*", "not base64!", ""})
    void whoeverIsDeniedInAChallengeHasFailedHoweverHeTakesIt(String answer) throws IOException {
        Authenticator telling = dialogue -> {
            dialogue.first();
            dialogue.claims("bob@mydomain.tld");
            try {
                dialogue.ask(new byte[]{'n', 'o'});
            } catch (IOException over) {
                // it was no all the same
            }
            return new Decision.Denied(new Reply(535, "5.7.8", "no"));
        };
        try (TestServer server = new TestServer("auth=always", "max.auth.failures.client=1").with(telling, "X")) {
            try (SmtpClient client = server.hello()) {
                client.command("AUTH X =", 334);
                if (!answer.isEmpty()) {
                    client.command(answer, 501);
                }
            }
            await().until(() -> server.events(Kind.AUTHENTICATED).size() == 1);
            try (SmtpClient next = server.hello()) {
                next.command("AUTH X =", 421);
            }
            assertThat(server.server.logins())
                    .isEqualTo(Map.of("X", Map.of("denied", 1L), "any", Map.of("locked", 1L)));
        }
    }

    @Test
    void howLoginsEndIsCountedByMechanism() throws IOException {
        try (TestServer server = server("auth=always", "max.auth.failures=20").with(_ -> {
            throw new IOException("the directory is down");
        }, "A"); SmtpClient client = server.hello()) {
            client.command("AUTH A", 454);
            client.command("AUTH NONSENSE", 504);
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAd3Jvbmc=", 535);
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAd3Jvbmc=", 535);
            client.command("AUTH PLAIN", 334);
            client.command("*", 501);
            client.command("AUTH PLAIN " + SECRET, 235);

            assertThat(server.server.logins()).isEqualTo(Map.of("A", Map.of("unknown", 1L), "PLAIN",
                    Map.of("denied", 2L, "ended", 1L, "ok", 1L)));
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

    @ParameterizedTest
    @CsvSource({"bob@mydomain.tld,secret,235", "eve@other.tld,word,235", "eve@other.tld,secret,535",
            "bob@mydomain.tld,word,535", "x@x,x,535"})
    void whoIsUnknownToOneAuthenticatorMayBeKnownToTheNext(String name, String password, int code)
            throws IOException {
        try (TestServer server = server("auth=always").with(wiping("eve@other.tld", "word"), "PLAIN", "LOGIN");
                SmtpClient client = server.hello()) {
            client.command("AUTH PLAIN " + base64("\0" + name + "\0" + password), code);
        }
        try (TestServer server = server("auth=always").with(wiping("eve@other.tld", "word"), "PLAIN", "LOGIN");
                SmtpClient client = server.hello()) {
            client.command("AUTH LOGIN", 334);
            client.command(base64(name), 334);
            client.command(base64(password), code);
        }
    }

    @ParameterizedTest
    @CsvSource({"bob@mydomain.tld,secret,235", "bob@mydomain.tld,wrong,454"})
    void whatOneOfThemCannotTellIsNotToldButMayBeKnownToAnother(String name, String password, int code)
            throws IOException {
        Authenticator away = dialogue -> {
            dialogue.first();
            throw new IOException("the directory is down");
        };
        for (boolean before : new boolean[]{true, false}) {
            try (TestServer server = before
                    ? new TestServer("auth=always").with(away, "PLAIN").with(new PasswordAuthenticator(), "PLAIN")
                    : server("auth=always").with(away, "PLAIN"); SmtpClient client = server.hello()) {
                client.command("AUTH PLAIN " + base64("\0" + name + "\0" + password), code);
            }
        }
    }

    @Test
    void guessesCountAlsoWhileOneOfThemCannotTell() throws IOException {
        Authenticator away = dialogue -> {
            throw new IOException("the directory is down");
        };
        try (TestServer server = server("auth=always", "max.auth.failures.client=2", "error.delay=0").with(away,
                "PLAIN")) {
            for (int code : new int[]{454, 454, 421}) {
                try (SmtpClient client = server.hello()) {
                    client.command("AUTH PLAIN " + base64("\0bob@mydomain.tld\0wrong"), code);
                }
            }
        }
    }

    private static Authenticator wiping(String name, String password) {
        return dialogue -> {
            byte[] first = dialogue.first("Username:".getBytes(UTF_8));
            byte[] second = dialogue.mechanism().equals("PLAIN") ? first : dialogue.ask("Password:".getBytes(UTF_8));
            String given = new String(first, UTF_8) + "|" + new String(second, UTF_8);
            String message = "\0" + name + "\0" + password;
            boolean known = given.equals(message + "|" + message) || given.equals(name + "|" + password);
            Arrays.fill(first, (byte) 0);
            Arrays.fill(second, (byte) 0);
            return known
                    ? new Decision.Granted(name)
                    : new Decision.Denied(new Reply(535, "5.7.8", "wrong name or password"));
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static TestServer server(String... overrides) {
        return new TestServer(overrides).with(new PasswordAuthenticator(), "PLAIN", "LOGIN");
    }
}
