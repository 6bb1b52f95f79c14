package org.staffetta.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GuardTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final PasswordHash HASH = PasswordHash.of("right", RANDOM);
    private final Guard guard = new Guard(new Gate(HASH, RANDOM, () -> 0));
    private final Map<String, String> request = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> response = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final StringWriter body = new StringWriter();
    private int status = 200;

    private Object authenticate(String method, String credentials) {
        request.put("Host", "127.0.0.1:8480");
        if (!credentials.isEmpty()) {
            request.put("Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return guard.authenticate(request(method), response());
    }

    @Test
    void the_right_password_is_let_in_and_may_do_everything() {
        Object user = authenticate("POST", "admin:right");
        assertThat(user).isNotNull();
        assertThat(guard.authorize(user, "any")).isTrue();
        assertThat(status).isEqualTo(200);
    }

    @Test
    void nobody_else_is() {
        for (String credentials : new String[]{"", "admin:admin", "admin:", "right", "Admin:right", "root:right",
                ":right"}) {
            request.clear();
            assertThat(authenticate("GET", credentials)).as(credentials).isNull();
            assertThat(status).as(credentials).isEqualTo(401);
            assertThat(response).containsEntry("WWW-Authenticate", "Basic realm=\"Staffetta\", charset=\"UTF-8\"");
        }
    }

    @Test
    void what_is_no_basic_header_is_no_password() {
        for (String header : new String[]{"Bearer x", "Basic", "Basic ====", "Basic " + "A".repeat(5000)}) {
            request.put("Authorization", header);
            assertThat(authenticate("GET", "")).as(header).isNull();
            assertThat(status).isEqualTo(401);
        }
    }

    @Test
    void who_guesses_is_told_to_wait() {
        for (int i = 0; i < 3; i++) {
            authenticate("GET", "admin:" + i);
        }
        assertThat(authenticate("GET", "admin:right")).isNull();
        assertThat(status).isEqualTo(429);
        assertThat(response).containsKey("Retry-After");
    }

    @Test
    void a_foreign_page_is_refused_even_with_the_right_password() {
        request.put("Origin", "https://evil.example");
        assertThat(authenticate("POST", "admin:right")).isNull();
        assertThat(status).isEqualTo(403);
        assertThat(body.toString()).contains("another page");
    }

    @Test
    void every_answer_has_the_headers_that_a_browser_needs() {
        authenticate("GET", "");
        assertThat(response).containsEntry("X-Frame-Options", "DENY").containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Referrer-Policy", "same-origin");
        assertThat(response.get("Content-Security-Policy")).contains("default-src 'self'", "frame-ancestors 'none'",
                "form-action 'self'");
    }

    private HttpServletRequest request(String method) {
        return (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{HttpServletRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getHeader" -> request.get((String) arguments[0]);
                    case "getRequestURI" -> "/system/console/bundles";
                    case "getRemoteAddr" -> "127.0.0.1";
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private HttpServletResponse response() {
        return (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{HttpServletResponse.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "setHeader" -> response.put((String) arguments[0], (String) arguments[1]);
                    case "setStatus" -> status = (int) arguments[0];
                    case "setContentType" -> null;
                    case "getWriter" -> new PrintWriter(body, true);
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }
}
