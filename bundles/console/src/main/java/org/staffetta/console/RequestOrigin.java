package org.staffetta.console;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a browser says of where a request comes from. A program that is no browser says nothing, and carries no password that it was not given.
 *
 * @param method of the request
 * @param host the header Host
 * @param site the header Sec-Fetch-Site
 * @param mode the header Sec-Fetch-Mode
 * @param origin the header Origin
 * @param referer the header Referer
 */
record RequestOrigin(String method, @Nullable String host, @Nullable String site, @Nullable String mode,
        @Nullable String origin,
        @Nullable String referer) {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS"); // RFC 9110 section 9.2.1

    /** Whether it may change something. */
    boolean mayChange() {
        return !SAFE.contains(method);
    }

    /** Whether a page of somebody else made the browser send it. */
    boolean isForeign() {
        boolean elsewhere = site != null && !site.equals("same-origin") && !site.equals("none");
        if (!mayChange()) {
            // to follow a link to the console is fine; to load it as an image or by a script is not
            return elsewhere && !"navigate".equals(mode);
        }
        if (elsewhere) {
            return true;
        }
        if (origin != null) {
            return !isOurs(origin);
        }
        return referer != null && !isOurs(referer);
    }

    /** "null", which a sandboxed frame sends, is not. */
    private boolean isOurs(String url) {
        try {
            URI uri = new URI(url);
            String authority = uri.getRawAuthority();
            return authority != null && host != null && same(withPort(authority, uri), withPort(host, uri));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String withPort(String authority, URI uri) {
        String standard = "https".equals(uri.getScheme()) ? ":443" : ":80";
        return authority.matches(".*:[0-9]+") ? authority : authority + standard;
    }

    private static boolean same(String a, String b) {
        return a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
    }
}
