package org.staffetta.log.ready;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What there is to say when the server is ready.
 *
 * @param version the server's version
 * @param listeners addresses by the listeners' names
 * @param announced what others have to say, by their names: an address, then lines for people
 * @param problems what does not run, a line each
 * @param demo whether the addresses of the demo domain are there to try
 * @param data the folder of data
 */
record Notice(String version, Map<String, String> listeners, Map<String, List<String>> announced, List<String> problems,
        boolean demo,
        Path data) {

    /** For programs: {@code name=address} pairs. */
    String line() {
        List<String> pairs = new ArrayList<>();
        listeners.forEach((name, address) -> pairs.add("listener." + name + "=" + address));
        announced.forEach((name, lines) -> {
            if (!lines.getFirst().isEmpty()) {
                pairs.add(name + "=" + lines.getFirst());
            }
        });
        return String.join(" ", pairs);
    }

    /** For people. */
    String text() {
        StringBuilder out = new StringBuilder(
                "\nStaffetta " + version + (problems.isEmpty() ? " is ready.\n\n" : " runs, but not all of it.\n\n"));
        problems.forEach(problem -> out.append("  Problem:  ").append(problem).append('\n'));
        listeners.forEach((name, address) -> out.append("  SMTP      ").append(address).append("  (listener ")
                .append(name).append(")\n"));
        announced.values()
                .forEach(lines -> lines.stream().skip(1).forEach(line -> out.append("  ").append(line).append('\n')));
        out.append("  Mail log  ").append(data.resolve("log/mail.log")).append('\n');
        if (demo && !listeners.isEmpty()) {
            out.append(attempt(listeners.values().iterator().next()));
        }
        return out.toString();
    }

    private String attempt(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        return """

                  Try it:   telnet %s %s
                              HELO me
                              MAIL FROM:<bob@demo.test>
                              RCPT TO:<alice@demo.test>
                              DATA
                              Subject: hello

                              It works.
                              .
                              QUIT
                  and read: cat %s/*
                  Ask it:   bin/staffetta help
                """.formatted(host, address.substring(colon + 1),
                quoted(data.resolve("mailboxes/demo.test/alice/new")));
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
