package org.staffetta.acme;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code mail:acme}: the certificates that are got and renewed, and how it stands with each. */
@Component(service = AcmeCommand.class, property = {"osgi.command.scope=mail", "osgi.command.function=acme",
        "staffetta.command.purpose=lists the certificates that are renewed; acme renew NAME does it now"})
public final class AcmeCommand {

    private static final String USAGE = "usage: acme [--json] | acme renew NAME [--new-key]";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final AcmeComponent acme;

    /** Called by the container. */
    @Activate
    public AcmeCommand(@Reference AcmeComponent acme) {
        this.acme = acme;
    }

    /**
     * Prints how it stands, or renews.
     *
     * @throws IllegalStateException if there is a problem with one: status 1
     */
    public void acme(String[] arguments) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of(arguments));
        if (words.equals(List.of("--help"))) {
            System.out.println(USAGE);
        } else if (words.isEmpty() || words.equals(List.of("--json"))) {
            list(acme.standings(), !words.isEmpty());
        } else {
            boolean fresh = words.remove("--new-key");
            if (words.size() != 2 || !words.getFirst().equals("renew")) {
                throw new IllegalArgumentException(USAGE);
            }
            list(List.of(acme.renew(words.getLast(), fresh)), false);
        }
    }

    private static void list(List<Standing> all, boolean json) {
        all.forEach(one -> System.out.println(json ? json(one) : text(one)));
        long bad = all.stream().filter(one -> !one.error().isEmpty()).count();
        if (bad > 0) {
            throw new IllegalStateException(bad == 1 ? "1 certificate has a problem" : bad + " certificates have one");
        }
    }

    private static String text(Standing one) {
        String until = one.until().map(time -> "until " + TIME.format(time)).orElse("none yet");
        String next = one.next().isAfter(Instant.EPOCH) ? ", next attempt " + TIME.format(one.next()) : ", now";
        String error = one.error().isEmpty()
                ? ""
                : "\n  PROBLEM: " + one.error() + " (" + one.failures() + (one.failures() == 1 ? " time)" : " times)");
        return one.name() + ": " + String.join(", ", one.domains()) + " (" + until + next + "), " + one.file() + error;
    }

    private static String json(Standing one) {
        return "{\"name\":" + quoted(one.name()) + ",\"domains\":["
                + String.join(",", one.domains().stream().map(AcmeCommand::quoted).toList()) + "],\"file\":"
                + quoted(one.file()) + ",\"until\":" + one.until().map(time -> quoted(time.toString())).orElse("null")
                + ",\"next\":" + quoted(one.next().toString()) + ",\"failures\":" + one.failures() + ",\"error\":"
                + quoted(one.error()) + "}";
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(c < 0x20 || c == '"' || c == '\\' || c > 0x7e
                ? String.format(Locale.ROOT, "\\u%04x", c)
                : String.valueOf((char) c)));
        return quoted.append('"').toString();
    }
}
