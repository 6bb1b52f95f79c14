package org.staffetta.tls;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.staffetta.api.tls.CertificateStatus;
import org.staffetta.api.tls.HandshakeCount;
import org.staffetta.api.tls.Tls;

/** The shell command {@code mail:tls}: the certificates, until when they hold and what is wrong with them, and what handshakes have come to. */
@Component(service = TlsCommand.class, property = {"osgi.command.scope=mail", "osgi.command.function=tls",
        "staffetta.command.purpose=lists the certificates, until when they hold, and counts what was negotiated"})
public final class TlsCommand {

    private static final String USAGE = "usage: tls [--json]";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Tls tls;

    /** Called by the container. */
    @Activate
    public TlsCommand(@Reference Tls tls) {
        this.tls = tls;
    }

    /**
     * Prints them.
     *
     * @throws IllegalStateException if there is a problem with one: status 1
     */
    public void tls(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.equals(List.of("--help"))) {
            System.out.println(USAGE);
            return;
        }
        if (!words.isEmpty() && !words.equals(List.of("--json"))) {
            throw new IllegalArgumentException(USAGE);
        }
        List<CertificateStatus> all = tls.certificates();
        all.forEach(one -> System.out.println(words.isEmpty() ? text(one) : json(one)));
        tls.handshakes().forEach(one -> System.out.println(words.isEmpty() ? text(one) : json(one)));
        long bad = all.stream().filter(one -> !one.problem().isEmpty()).count();
        if (bad > 0) {
            throw new IllegalStateException(bad == 1 ? "1 certificate has a problem" : bad + " certificates have one");
        }
    }

    private static String text(CertificateStatus one) {
        String state = one.problem().isEmpty() ? "" : "\n  PROBLEM: " + one.problem();
        return one.name() + ": " + String.join(", ", one.names()) + (one.algorithm().isEmpty()
                ? ""
                : " (" + one.algorithm() + ", until " + DAY.format(one.until()) + ")") + ", " + one.source() + state;
    }

    private static String text(HandshakeCount one) {
        String what = one.failure().isEmpty()
                ? Stream.of(one.protocol(), one.cipher(), one.group()).filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "))
                : "failed, " + one.failure();
        return "handshakes " + direction(one) + ", " + what + ": " + one.count();
    }

    private static String json(HandshakeCount one) {
        return "{\"part\":\"handshakes\",\"direction\":" + quoted(direction(one)) + ",\"protocol\":"
                + quoted(one.protocol()) + ",\"cipher\":" + quoted(one.cipher()) + ",\"group\":" + quoted(one.group())
                + ",\"failure\":" + quoted(one.failure()) + ",\"count\":" + one.count() + "}";
    }

    private static String direction(HandshakeCount one) {
        return one.direction().name().toLowerCase(Locale.ROOT);
    }

    private static String json(CertificateStatus one) {
        return "{\"part\":\"certificate\",\"name\":" + quoted(one.name()) + ",\"names\":["
                + String.join(",", one.names().stream().map(TlsCommand::quoted).toList()) + "],\"source\":"
                + quoted(one.source()) + ",\"algorithm\":" + quoted(one.algorithm()) + ",\"until\":"
                + quoted(one.until().toString()) + ",\"problem\":" + quoted(one.problem()) + "}";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(c < 0x20 || c == '"' || c == '\\' || c > 0x7e
                ? String.format(Locale.ROOT, "\\u%04x", c)
                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }
}
