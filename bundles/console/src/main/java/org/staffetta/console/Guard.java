package org.staffetta.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees every request to the console before any of its pages does. */
final class Guard implements SecurityProvider {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    static final String USER = "admin";
    private static final String BASIC = "basic ";
    private static final int LONGEST_HEADER = 1024;

    /** The console's own pages have scripts in the page, and one of its libraries unpacks itself by eval. */
    private static final String POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'";

    private final Gate gate;

    Guard(Gate gate) {
        this.gate = gate;
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        addHeaders(response);
        RequestOrigin origin = origin(request);
        if (origin.isForeign()) {
            LOG.warn("Web console: refused a request that another page made, {} {} from {}", request.getMethod(),
                    request.getRequestURI(),
                    request.getRemoteAddr());
            return refuse(response, HttpServletResponse.SC_FORBIDDEN,
                    "This request came from another page, and is refused.");
        }
        Optional<String> password = password(request.getHeader("Authorization"));
        if (password.isEmpty()) {
            return ask(response);
        }
        return switch (gate.check(password.get())) {
            case RIGHT -> {
                if (origin.mayChange()) {
                    LOG.info("Web console: {} {} by {} from {}", request.getMethod(), request.getRequestURI(), USER,
                            request.getRemoteAddr());
                }
                yield USER;
            }
            case WRONG -> {
                LOG.warn("Web console: a wrong password from {}", request.getRemoteAddr());
                yield ask(response);
            }
            case LATER -> {
                response.setHeader("Retry-After", "5");
                yield refuse(response, 429, "Too many wrong passwords: try again in a while.");
            }
        };
    }

    @Override
    public boolean authorize(Object user, String role) {
        return USER.equals(user);
    }

    /** A browser forgets the password when it is asked again. */
    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        ask(response);
    }

    private static void addHeaders(HttpServletResponse response) {
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // with no-referrer, a browser would call the origin of our own forms null
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Content-Security-Policy", POLICY);
    }

    static RequestOrigin origin(HttpServletRequest request) {
        return new RequestOrigin(request.getMethod(), request.getHeader("Host"), request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Sec-Fetch-Mode"), request.getHeader("Origin"), request.getHeader("Referer"));
    }

    /** The password of the one user, from a header as in RFC 7617. */
    private static Optional<String> password(@Nullable String header) {
        if (header == null || header.length() > LONGEST_HEADER || !header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String credentials = new String(decoded, StandardCharsets.UTF_8);
            return credentials.startsWith(USER + ":")
                    ? Optional.of(credentials.substring(USER.length() + 1))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Object ask(HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Staffetta\", charset=\"UTF-8\"");
        return refuse(response, HttpServletResponse.SC_UNAUTHORIZED,
                "The user is admin; the password was shown when the server first started.");
    }

    private static @Nullable Object refuse(HttpServletResponse response, int status, String text) {
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        try {
            response.getWriter().println(text);
        } catch (IOException e) {
            LOG.debug("The client has gone", e);
        }
        return null;
    }
}
