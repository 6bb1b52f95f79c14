package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.directory.Directory;
import org.staffetta.plugins.TestPlugins;

/** Who is let in by a token, who is not, and what he is told. */
class BearerLoginTest {

    private static final Provider PROVIDER = new Provider();
    private static final Granted ALICE = new Granted("alice@demo.test");
    private static final String END = "\1\1";

    @TempDir
    static Path conf;

    private final TestPlugins plugins = new TestPlugins().put(Directory.class, new People(), "people");

    @BeforeAll
    static void publish() throws IOException {
        Files.writeString(conf.resolve("keys.json"), PROVIDER.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,,", "y,,", "n,a=alice@demo.test,", "n,a=Alice@Demo.Example,"})
    void a_good_token_is_enough(String header) throws Exception {
        Script client = new Script(BearerLogin.OAUTHBEARER,
                header + "\1host=mx.demo.test\1port=587\1auth=Bearer " + PROVIDER.token() + END);

        assertThat(login(client)).isEqualTo(ALICE);
        assertThat(client.challenges).isEmpty();
        assertThat(client.claimed).as("counted by name").hasSize(1);
    }

    @Test
    void the_order_of_pairs_does_not_matter_and_unknown_ones_are_not_for_us() throws Exception {
        String pairs = "qop=auth\1auth=bearer  " + PROVIDER.token() + "\1port=587\1host=mx.demo.test" + END;

        assertThat(login(new Script(BearerLogin.OAUTHBEARER, "n,,\1" + pairs))).isEqualTo(ALICE);
    }

    @Test
    void xoauth2_names_the_user_beside_the_token() throws Exception {
        assertThat(login(xoauth2("alice@demo.test", PROVIDER.token()))).isEqualTo(ALICE);
        assertThat(login(xoauth2("bob@demo.test", PROVIDER.token()))).isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @CsvSource({"RS256, rsa", "RS256, ''", "ES256, ec", "EdDSA, ed", "EdDSA, ''"})
    void each_kind_of_key_signs(String algorithm, String keyId) throws Exception {
        var key = switch (algorithm) {
            case "RS256" -> PROVIDER.rsa;
            case "ES256" -> PROVIDER.ec;
            default -> PROVIDER.ed;
        };

        assertThat(login(Provider.sign(algorithm, keyId, key.getPrivateKey(), Provider.claims()))).isEqualTo(ALICE);
    }

    /** A token and why it is refused. */
    record Bad(String what, String token, Fault fault) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> bad_tokens() throws JoseException {
        long now = Instant.now().getEpochSecond();
        String good = PROVIDER.token();
        String[] parts = good.split("\\.");
        byte[] publicKey = PROVIDER.rsa.getPublicKey().getEncoded();
        var stranger = RsaJwkGenerator.generateJwk(2048).getPrivateKey();
        var p384 = EcJwkGenerator.generateJwk(EllipticCurves.P384).getPrivateKey();
        return Stream.of(bad("wrong issuer", Fault.ISSUER, c -> c.put("iss", "https://evil.example")),
                bad("issuer in another case", Fault.ISSUER,
                        c -> c.put("iss", Provider.ISSUER.toUpperCase(Locale.ROOT))),
                bad("issuer with a slash more", Fault.ISSUER, c -> c.put("iss", Provider.ISSUER + "/")),
                bad("no issuer", Fault.ISSUER, c -> c.remove("iss")),
                bad("issuer that is a list", Fault.ISSUER, c -> c.put("iss", List.of(Provider.ISSUER))),
                bad("wrong audience", Fault.AUDIENCE, c -> c.put("aud", "https://elsewhere.example")),
                bad("wrong audiences", Fault.AUDIENCE, c -> c.put("aud", List.of("a", "b"))),
                bad("no audience", Fault.AUDIENCE, c -> c.remove("aud")),
                bad("audience that is a number", Fault.AUDIENCE, c -> c.put("aud", 5)),
                bad("expired", Fault.OVER, c -> c.put("exp", now - 61)),
                bad("expired long ago", Fault.OVER, c -> c.put("exp", Long.MIN_VALUE)),
                bad("no end", Fault.ENDLESS, c -> c.remove("exp")),
                bad("an end that is text", Fault.MALFORMED, c -> c.put("exp", "tomorrow")),
                bad("nbf in the future", Fault.EARLY, c -> c.put("nbf", now + 120)),
                bad("iat in the future", Fault.EARLY, c -> c.put("iat", now + 120)),
                bad("iat at the end of time", Fault.EARLY, c -> c.put("iat", Long.MAX_VALUE)),
                bad("missing claim", Fault.CLAIM, c -> c.remove("email")),
                bad("empty claim", Fault.CLAIM, c -> c.put("email", "")),
                bad("claim that is a list", Fault.CLAIM, c -> c.put("email", List.of("alice@demo.test"))),
                bad("address not verified", Fault.UNVERIFIED, c -> c.put("email_verified", false)),
                bad("missing scope", Fault.SCOPE, c -> c.remove("scope")),
                bad("another scope", Fault.SCOPE, c -> c.put("scope", "mail.sender openid")),
                bad("nobody", Fault.ACCOUNT, c -> c.put("email", "nobody@demo.test")),
                bad("a stranger", Fault.ACCOUNT, c -> c.put("email", "alice@elsewhere.example")),
                bad("an alias", Fault.ACCOUNT, c -> c.put("email", "info@demo.test")),
                bad("a subaddress", Fault.ACCOUNT, c -> c.put("email", "alice+x@demo.test")),
                bad("somebody of a relay domain", Fault.ACCOUNT, c -> c.put("email", "x@partner.example")),
                bad("an account that may not log in", Fault.ACCOUNT, c -> c.put("email", "gone@demo.test")),
                bad("no address", Fault.ACCOUNT, c -> c.put("email", "alice")),
                new Bad("alg none", encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".", Fault.ALGORITHM),
                new Bad("alg none with a signature", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2],
                        Fault.ALGORITHM),
                new Bad("alg None", encoded("{\"alg\":\"None\"}") + "." + parts[1] + ".", Fault.ALGORITHM),
                new Bad("no alg", encoded("{}") + "." + parts[1] + "." + parts[2], Fault.ALGORITHM),
                new Bad("HS256 signed with the public key",
                        Provider.sign("HS256", "rsa", new HmacKey(publicKey), Provider.claims()), Fault.ALGORITHM),
                new Bad("HS256 signed with the public key as published", Provider.sign("HS256", "rsa",
                        new HmacKey(PROVIDER.keySet().getBytes(US_ASCII)), Provider.claims()), Fault.ALGORITHM),
                new Bad("an algorithm that is not allowed here",
                        Provider.sign("RS512", "rsa", PROVIDER.rsa.getPrivateKey(), Provider.claims()),
                        Fault.ALGORITHM),
                new Bad("unknown kid", Provider.sign("RS256", "other", stranger, Provider.claims()), Fault.KEY),
                new Bad("kid of a key of another kind",
                        Provider.sign("RS256", "ec", PROVIDER.rsa.getPrivateKey(), Provider.claims()), Fault.KEY),
                new Bad("wrong signature", Provider.sign("RS256", "rsa", stranger, Provider.claims()), Fault.SIGNATURE),
                new Bad("wrong signature, no kid", Provider.sign("RS256", "", stranger, Provider.claims()),
                        Fault.SIGNATURE),
                new Bad("a key of another curve", Provider.sign("ES384", "ec", p384, Provider.claims()),
                        Fault.ALGORITHM),
                new Bad("no signature", parts[0] + "." + parts[1] + ".", Fault.SIGNATURE),
                new Bad("an ES256 signature of zeros", encoded("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + parts[1]
                        + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]), Fault.SIGNATURE),
                new Bad("other claims under a good signature", parts[0] + "."
                        + encoded("{\"iss\":\"" + Provider.ISSUER + "\",\"email\":\"bob@demo.test\"}") + "." + parts[2],
                        Fault.SIGNATURE),
                new Bad("a key of its own in the header", withOwnKey(), Fault.SIGNATURE),
                new Bad("an extension that must be understood", critical(), Fault.SIGNATURE),
                new Bad("claims twice", Provider.sign("RS256", "rsa", PROVIDER.rsa.getPrivateKey(),
                        "{\"iss\":\"x\",\"iss\":\"" + Provider.ISSUER + "\"}"), Fault.MALFORMED),
                new Bad("claims that are no object",
                        Provider.sign("RS256", "rsa", PROVIDER.rsa.getPrivateKey(), "[1]"), Fault.MALFORMED),
                new Bad("deep claims", parts[0] + "." + encoded("{\"a\":" + "[".repeat(4000)) + "." + parts[2],
                        Fault.MALFORMED),
                new Bad("deep claims that end", parts[0] + "."
                        + encoded("{\"a\":" + "[".repeat(3000) + "]".repeat(3000) + "}") + "." + parts[2],
                        Fault.ISSUER),
                new Bad("12,289 octets", good + "A".repeat(12_289 - good.length()), Fault.TOO_LARGE),
                new Bad("bad base64", "ab=c." + parts[1] + "." + parts[2], Fault.MALFORMED),
                new Bad("base64 of one letter", "a." + parts[1] + "." + parts[2], Fault.MALFORMED),
                new Bad("two parts", parts[0] + "." + parts[1], Fault.MALFORMED),
                new Bad("five parts, as of one that is encrypted", good + ".a.b", Fault.MALFORMED),
                new Bad("no text that anybody knows", "2YotnFZFEjr1zCsicMWpAA", Fault.MALFORMED));
    }

    @ParameterizedTest
    @MethodSource("bad_tokens")
    void a_bad_token_is_not(Bad bad) throws Exception {
        Script client = new Script(BearerLogin.OAUTHBEARER, "n,,\1auth=Bearer " + bad.token() + END, "\1");

        Decision decision = login(client);

        assertThat(decision).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().code()).isEqualTo(535));
        assertThat(client.challenges).singleElement().asString()
                .startsWith("{\"status\":\"" + bad.fault().error().code() + "\"")
                .endsWith("}").doesNotContain(Provider.AUDIENCE);
        assertThat(fault(bad.token())).as("the reason").isEqualTo(bad.fault());
    }

    @Test
    void what_the_client_is_told_is_of_use_to_it() throws Exception {
        Script lapsed = new Script(BearerLogin.OAUTHBEARER, "n,,\1auth=Bearer " + lapsed() + END, "\1");
        Script without = new Script(BearerLogin.OAUTHBEARER, "n,,\1auth=\1\1", "\1");
        Script google = xoauth2("alice@demo.test", lapsed());
        for (Script client : List.of(lapsed, without, google)) {
            assertThat(login(client)).isInstanceOf(Denied.class);
        }

        String error = "{\"status\":\"invalid_token\",\"scope\":\"mail.send\",\"openid-configuration\":\""
                + Provider.ISSUER + "/.well-known/openid-configuration\"}";
        assertThat(lapsed.challenges).containsExactly(error);
        assertThat(without.challenges).as("where to get a token (RFC 7628 section 4.3)").containsExactly(error);
        assertThat(google.challenges)
                .containsExactly("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail.send\"}");
    }

    @Test
    void whoever_goes_or_cancels_when_he_is_told_has_failed_all_the_same() throws Exception {
        assertThat(login(new Script(BearerLogin.OAUTHBEARER, "n,,\1auth=Bearer " + lapsed() + END)))
                .isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @CsvSource({"bob@demo.test, OTHER", "info@demo.test, OTHER", "nobody@demo.test, OTHER", "alice+x@demo.test, OTHER"})
    void nobody_acts_for_another(String name) throws Exception {
        Script client = new Script(BearerLogin.OAUTHBEARER,
                "n,a=" + name + ",\1auth=Bearer " + PROVIDER.token() + END, "\1");

        assertThat(login(client)).isInstanceOf(Denied.class);
        assertThat(client.claimed).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n,,", "n,\1auth=Bearer T\1\1", ",,\1auth=Bearer T\1\1",
            "p=tls-exporter,,\1auth=Bearer T\1\1", "n,a=,\1auth=Bearer T\1\1",
            "n,b=alice@demo.test,\1auth=Bearer T\1\1",
            "n,a=al=ice@demo.test,\1auth=Bearer T\1\1", "n,,auth=Bearer T\1\1", "n,,\1auth=Bearer T\1",
            "n,,\1auth=Bearer T", "n,,\1auth=Bearer T\1\1\1", "n,,\1auth=Bearer T\1auth=Bearer T\1\1",
            "n,,\1auth=Basic T\1\1", "n,,\1=Bearer T\1\1", "n,,\1auth\1\1", "n,,\1au th=Bearer T\1\1",
            "n,,\1auth=Bearer \0\1\1", "n,a=a\0b,\1auth=Bearer T\1\1", "N,,\1auth=Bearer T\1\1"})
    void what_is_no_message_of_the_mechanism_is_a_syntax_error(String message) throws Exception {
        Script client = new Script(BearerLogin.OAUTHBEARER, message.replace("T", PROVIDER.token()), "\1");

        assertThat(login(client)).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().code()).isEqualTo(501));
        assertThat(client.challenges).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user=\1auth=Bearer T\1\1", "user=alice@demo.test\1auth=Bearer T\1",
            "auth=Bearer T\1\1",
            "n,,\1auth=Bearer T\1\1", "user=alice@demo.test"})
    void so_it_is_with_xoauth2(String message) throws Exception {
        Script client = new Script(BearerLogin.XOAUTH2, message.replace("T", PROVIDER.token()), "");

        assertThat(login(client)).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().code()).isEqualTo(501));
    }

    @Test
    void what_is_not_utf8_is_a_syntax_error_too() throws Exception {
        Script client = new Script(BearerLogin.OAUTHBEARER,
                new byte[]{'n', ',', 'a', '=', (byte) 0xff, ',', 1, 1});

        assertThat(login(client)).isInstanceOf(Denied.class);
    }

    @Test
    void clocks_may_differ_a_little() throws Exception {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = Provider.claims();
        claims.putAll(Map.of("exp", now - 50, "iat", now + 50, "nbf", now + 50));

        assertThat(login(PROVIDER.token(claims))).isEqualTo(ALICE);
        assertThat(login(PROVIDER.token(claims), "clock.tolerance=10s")).isInstanceOf(Denied.class);
    }

    @Test
    void scopes_are_written_in_three_ways() throws Exception {
        for (Map.Entry<String, Object> written : List.<Map.Entry<String, Object>>of(
                Map.entry("scope", List.of("mail.send")), Map.entry("scp", "a mail.send"),
                Map.entry("scp", List.of("a", "mail.send")))) {
            Map<String, Object> claims = Provider.claims();
            claims.remove("scope");
            claims.put(written.getKey(), written.getValue());
            assertThat(login(PROVIDER.token(claims))).isEqualTo(ALICE);
        }
    }

    @ParameterizedTest
    @CsvSource({"preferred_username, Alice", "sub, alice@demo.test", "upn, alice@Demo.Example"})
    void another_claim_may_name_the_account(String claim, String value) throws Exception {
        Map<String, Object> claims = Provider.claims();
        claims.put(claim, value);
        claims.put("email", "bob@demo.test");

        assertThat(login(PROVIDER.token(claims), "account.claim=" + claim, "account.domain=demo.test"))
                .isEqualTo(ALICE);
    }

    @Test
    void while_keys_or_directory_are_not_there_it_cannot_be_told() throws Exception {
        assertThatThrownBy(() -> login(PROVIDER.token(), "keys=missing.json")).isInstanceOf(IOException.class)
                .hasMessage("oauth.example.keys = missing.json: the keys are not known");
        Map<String, Object> claims = Provider.claims();
        claims.put("email", "alice@unsure.example");
        assertThatThrownBy(() -> login(PROVIDER.token(claims))).isInstanceOf(IOException.class)
                .hasMessage("the disk is gone");
        BearerLogin nobody = new BearerLogin(List.of(issuer()), new Accounts(new TestPlugins()));
        assertThatThrownBy(() -> nobody.authenticate(oauthbearer(PROVIDER.token()))).isInstanceOf(IOException.class)
                .hasMessage("there is no directory");
    }

    @Test
    void the_issuer_decides_whose_keys_count() throws Exception {
        Provider other = new Provider();
        Files.writeString(conf.resolve("other.json"), other.keySet());
        Map<String, Object> claims = Provider.claims();
        claims.put("iss", "other");
        List<Issuer> both = List.of(issuer(), TestIssuer.in(conf, "issuer=other", "keys=other.json"));
        BearerLogin login = new BearerLogin(both, new Accounts(plugins));

        assertThat(login.authenticate(oauthbearer(other.token(claims)))).isEqualTo(ALICE);
        assertThat(login.authenticate(oauthbearer(PROVIDER.token()))).isEqualTo(ALICE);
        assertThat(login.authenticate(oauthbearer(other.token()))).isInstanceOf(Denied.class);
        assertThat(login.authenticate(oauthbearer(PROVIDER.token(claims)))).isInstanceOf(Denied.class);
    }

    @Test
    void nothing_shows_a_token() throws Exception {
        String token = PROVIDER.token();
        Token parsed = Token.parse(token);
        BearerMessage message = BearerMessage.xoauth2(("user=a\1auth=Bearer " + token + END).getBytes(US_ASCII))
                .orElseThrow();

        assertThat(parsed.toString() + message).doesNotContain(token.substring(0, 20)).doesNotContain("alice");
        assertThat(new TokenException(Fault.SIGNATURE).getCause()).isNull();
    }

    private Decision login(String token, String... settings) throws IOException, InterruptedException {
        return login(oauthbearer(token), settings);
    }

    private Decision login(Script client, String... settings) throws IOException, InterruptedException {
        return new BearerLogin(List.of(issuer(settings)), new Accounts(plugins)).authenticate(client);
    }

    private static Issuer issuer(String... settings) throws InterruptedException {
        String[] all = Stream.concat(Stream.of("scope=mail.send"), Stream.of(settings)).toArray(String[]::new);
        return TestIssuer.in(conf, all);
    }

    private Fault fault(String text) throws Exception {
        try {
            Token token = Token.parse(text);
            if (token.claim("iss").filter(Provider.ISSUER::equals).isEmpty()) {
                return Fault.ISSUER;
            }
            return new Accounts(plugins).id(issuer().verify(token)).isPresent()
                    ? Fault.OTHER
                    : Fault.ACCOUNT;
        } catch (TokenException refused) {
            return refused.fault();
        }
    }

    private static Script oauthbearer(String token) {
        return new Script(BearerLogin.OAUTHBEARER, "n,,\1auth=Bearer " + token + END, "\1");
    }

    private static Script xoauth2(String user, String token) {
        return new Script(BearerLogin.XOAUTH2, "user=" + user + "\1auth=Bearer " + token + END, "");
    }

    private static String lapsed() {
        Map<String, Object> claims = Provider.claims();
        claims.put("exp", 1_000_000_000L);
        return PROVIDER.token(claims);
    }

    private static Bad bad(String what, Fault fault, Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = new LinkedHashMap<>(Provider.claims());
        change.accept(claims);
        return new Bad(what, PROVIDER.token(claims), fault);
    }

    private static String withOwnKey() throws JoseException {
        var own = RsaJwkGenerator.generateJwk(2048);
        var token = new JsonWebSignature();
        token.setPayload(JsonUtil.toJson(Provider.claims()));
        token.setAlgorithmHeaderValue("RS256");
        token.getHeaders().setJwkHeaderValue("jwk", own);
        token.setKey(own.getPrivateKey());
        return token.getCompactSerialization();
    }

    private static String critical() throws JoseException {
        var token = new JsonWebSignature();
        token.setPayload(JsonUtil.toJson(Provider.claims()));
        token.setAlgorithmHeaderValue("RS256");
        token.getHeaders().setObjectHeaderValue("crit", List.of("x"));
        token.getHeaders().setObjectHeaderValue("x", 1);
        token.setKey(PROVIDER.rsa.getPrivateKey());
        return token.getCompactSerialization();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
    }
}
