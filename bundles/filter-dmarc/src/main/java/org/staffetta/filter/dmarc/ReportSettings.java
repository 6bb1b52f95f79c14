package org.staffetta.filter.dmarc;

import java.time.Duration;
import org.staffetta.api.config.Durations;
import org.staffetta.api.mail.Address;

/**
 * What an operator wants of reports; see {@link DmarcConfig} for each.
 *
 * @param spool the name of the one that takes them
 * @param most different lines that are kept of one period
 */
record ReportSettings(boolean send, String host, Address from, String organization, Duration period, int most,
        String spool) {

    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static ReportSettings of(DmarcConfig config) {
        String host = config.hostname().strip();
        if (!host.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException("hostname: '" + host + "' is not a host name; write mail.example.org");
        }
        Duration period = Durations.read("report.period", config.report_period());
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("report.period: write 10m to 1d, not " + config.report_period());
        }
        String organization = config.report_organization().isBlank() ? host : config.report_organization().strip();
        return new ReportSettings(config.report_send(), host, from(config.report_from().strip(), host), organization,
                period, config.report_max_lines(), config.spool());
    }

    private static Address from(String text, String host) {
        try {
            return Address.parse(text.isEmpty() ? "postmaster@" + host : text);
        } catch (IllegalArgumentException noAddress) {
            throw new IllegalArgumentException("report.from: " + noAddress.getMessage(), noAddress);
        }
    }
}
