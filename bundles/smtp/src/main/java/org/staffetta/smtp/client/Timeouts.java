package org.staffetta.smtp.client;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long to wait for the server. Each is the time for the whole reply, from the moment at which the wait begins.
 *
 * @param connect for the TCP connection
 * @param greeting for the first reply
 * @param hello for the reply to EHLO, HELO and LHLO
 * @param mail for the reply to MAIL
 * @param recipient for the reply to each RCPT
 * @param dataStart for the reply to DATA
 * @param dataBlock for each block of a message, or group of commands, to be sent
 * @param dataEnd for each reply to the end of the message
 * @param reset for the reply to RSET and other commands without consequence
 * @param quit for the reply to QUIT
 */
public record Timeouts(Duration connect, Duration greeting, Duration hello, Duration mail, Duration recipient,
        Duration dataStart, Duration dataBlock, Duration dataEnd, Duration reset, Duration quit) {

    /** RFC 5321 section 4.5.3.2, and shorter ones where nothing is at stake. */
    public static final Timeouts RFC_5321 = new Timeouts(Duration.ofSeconds(30), Duration.ofMinutes(5),
            Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(2),
            Duration.ofMinutes(3), Duration.ofMinutes(10), Duration.ofSeconds(20), Duration.ofSeconds(10));

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Timeouts {
        Stream.of(connect, greeting, hello, mail, recipient, dataStart, dataBlock, dataEnd, reset, quit)
                .filter(timeout -> !timeout.isPositive()).findAny().ifPresent(timeout -> {
                    throw new IllegalArgumentException("a time-out must be positive, not " + timeout);
                });
    }

    /** All of them the same. */
    public static Timeouts all(Duration timeout) {
        return new Timeouts(timeout, timeout, timeout, timeout, timeout, timeout, timeout, timeout, timeout, timeout);
    }

    Duration of(Command command) {
        return switch (command.verb()) {
            case "EHLO", "HELO", "LHLO" -> hello;
            case "MAIL" -> mail;
            case "RCPT" -> recipient;
            case "DATA" -> dataStart;
            case "QUIT" -> quit;
            default -> reset;
        };
    }
}
