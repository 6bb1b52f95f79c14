package org.staffetta.queue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Address;

/** The two readable parts of a notification: one for people, one for machines (RFC 3464, RFC 6533). */
final class ReportText {
    private static final DateTimeFormatter DATE = DateTimeFormatter
            .ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final Pattern REMOTE_HOST = Pattern.compile("([A-Za-z0-9._-]{1,255})\\[.*");
    private static final int MAX_REPLY = 500;
    private static final int FOLD_AT = 76;

    private final Report report;
    private final String hostname;
    private final boolean utf8;

    /**
     * Makes the writer.
     *
     * @param utf8 whether the sender takes UTF-8; without, what is not ASCII is escaped
     */
    ReportText(Report report, String hostname, boolean utf8) {
        this.report = report;
        this.hostname = hostname;
        this.utf8 = utf8;
    }

    static String date(Instant instant) {
        return DATE.format(instant);
    }

    String forPeople() {
        StringBuilder text = new StringBuilder("This is the mail system at ").append(hostname).append(".\r\n\r\n")
                .append(report.kind().text).append("\r\n");
        if (report.kind() == Report.Kind.DELAYED) {
            text.append("It will be given up on ").append(date(report.retryUntil())).append(".\r\n");
        }
        for (Report.Line line : report.lines()) {
            text.append("\r\n").append(fold('<' + printable(line.recipient().address()) + ">: " + said(line)));
        }
        return text.toString();
    }

    String forMachines() {
        StringBuilder text = new StringBuilder();
        String envelopeId = report.entry().envelope().parameters().getOrDefault("ENVID", "");
        if (!envelopeId.isEmpty()) {
            // RFC 3464 section 2.2.1: decoded from xtext
            String decoded = OriginalRecipient.xtextDecoded(envelopeId);
            field(text, "Original-Envelope-Id", Printable.line(decoded, 100, utf8));
        }
        field(text, "Reporting-MTA", "dns; " + hostname);
        field(text, "Arrival-Date", date(report.entry().arrival()));
        report.lines().forEach(line -> recipient(text.append("\r\n"), line));
        return text.toString();
    }

    // RFC 3464 section 2.3, in the order of its grammar
    private void recipient(StringBuilder text, Report.Line line) {
        OriginalRecipient.of(line.recipient())
                .ifPresent(original -> field(text, "Original-Recipient", original.field(utf8)));
        field(text, "Final-Recipient", OriginalRecipient.of(line.recipient().address()).field(utf8));
        field(text, "Action", report.kind().action);
        field(text, "Status", line.status());
        remoteHost(line).ifPresent(host -> field(text, "Remote-MTA", "dns; " + host));
        String type = line.isRemote() ? "smtp" : "x-staffetta";
        field(text, "Diagnostic-Code", type + "; " + reply(line));
        field(text, "Last-Attempt-Date", date(line.attempted()));
        if (report.kind() == Report.Kind.DELAYED) {
            field(text, "Will-Retry-Until", date(report.retryUntil()));
        }
    }

    private String said(Report.Line line) {
        return line.isRemote()
                ? "host " + Printable.line(line.remote(), MAX_REPLY, utf8) + " said: " + reply(line)
                : reply(line);
    }

    private String reply(Report.Line line) {
        return Printable.line(line.reply().toString(), MAX_REPLY, utf8);
    }

    private String printable(Address address) {
        return Printable.line(address.toString(), MAX_REPLY, utf8);
    }

    private static Optional<String> remoteHost(Report.Line line) {
        Matcher matcher = REMOTE_HOST.matcher(line.remote());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(fold(name + ": " + value));
    }

    // Breaks before spaces; the line after a break begins with a space, so no reply can look like a field of its own.
    private static String fold(String line) {
        StringBuilder folded = new StringBuilder();
        String rest = line;
        while (rest.length() > FOLD_AT) {
            int space = rest.lastIndexOf(' ', FOLD_AT);
            int at = space > 1 && !rest.substring(0, space).isBlank() ? space : rest.indexOf(' ', FOLD_AT);
            if (at < 0) {
                break;
            }
            folded.append(rest, 0, at).append("\r\n");
            rest = rest.substring(at);
        }
        return folded.append(rest).append("\r\n").toString();
    }
}
