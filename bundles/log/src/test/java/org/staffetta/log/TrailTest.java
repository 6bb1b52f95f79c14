package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** The way of a message is found in the log, in whatever shape and however many files that is. */
class TrailTest {

    /** The shapes of a line. */
    enum Shape {
        TEXT(TextFormat.full("mx.example.org", 77, ZoneId.of("UTC"), () -> Events.NOON)), JSON(
                new JsonFormat(() -> Events.NOON));

        private final LineFormat format;

        Shape(LineFormat format) {
            this.format = format;
        }
    }

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void names() {
        file = folder.resolve("mail.log");
    }

    private void write(Path to, Shape shape, MailEvent... events) throws IOException {
        for (MailEvent event : events) {
            Files.writeString(to, shape.format.line(event) + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private List<String> kinds(String id) throws IOException {
        return new Trail(file).find(id).stream().map(event -> event.kind() + " " + event.queueId()).toList();
    }

    private static MailEvent[] received() {
        return new MailEvent[]{Events.event(Kind.CONNECTED, "S1", "", "client", "192.0.2.1"),
                Events.event(Kind.CONNECTED, "S12", "", "client", "192.0.2.2"),
                Events.event(Kind.REFUSED, "S1", "", "stage", "RCPT", "transaction", "S1.1", "reply", "550 no"),
                Events.event(Kind.FILTERED, "S1", "Q1", "transaction", "S1.1", "filters", "a/1.0.0 mail proceed 0.10"),
                Events.event(Kind.ACCEPTED, "S1", "Q1", "from", "a@example.org", "transaction", "S1.1"),
                Events.event(Kind.REFUSED, "S1", "", "stage", "RCPT", "transaction", "S1.2", "reply", "550 no"),
                Events.event(Kind.ACCEPTED, "S1", "Q12", "from", "a@example.org", "transaction", "S1.2"),
                Events.event(Kind.DISCONNECTED, "S1", "", "end", "quit")};
    }

    private static MailEvent[] delivered() {
        return new MailEvent[]{Events.event(Kind.ROUTED, "", "Q1", "to", "b@example.org"),
                Events.event(Kind.ROUTED, "", "Q12", "to", "b@example.org"),
                Events.event(Kind.DELIVERED, "", "Q1", "to", "b@example.org", "status", "sent"),
                Events.event(Kind.REMOVED, "", "Q1")};
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void a_message_from_its_connection_to_its_end_and_nothing_of_others(Shape shape) throws IOException {
        write(file, shape, received());
        write(file, shape, delivered());
        assertThat(kinds("Q1")).containsExactly("CONNECTED ", "REFUSED ", "FILTERED Q1", "ACCEPTED Q1", "ROUTED Q1",
                "DELIVERED Q1", "REMOVED Q1");
        assertThat(kinds("S1.2")).containsExactly("REFUSED ", "ACCEPTED Q12");
        assertThat(kinds("S1")).hasSize(7).endsWith("DISCONNECTED ");
        assertThat(kinds("Q2")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void across_files_whoever_rotated_them(Shape shape) throws IOException {
        write(folder.resolve("mail.log.3"), shape, Events.event(Kind.REMOVED, "", "Q0"), received()[0]);
        write(folder.resolve("plain"), Shape.TEXT, received()[3], received()[4]);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("mail.log.2.gz")))) {
            Files.copy(folder.resolve("plain"), out);
        }
        write(folder.resolve("mail.log-20261123"), shape, delivered()[0]);
        write(file, shape, delivered()[2], delivered()[3]);
        write(folder.resolve("mail.logbook"), shape, delivered()[3]);
        age("mail.log.3", 4);
        age("mail.log.2.gz", 3);
        age("mail.log-20261123", 2);
        assertThat(kinds("Q1")).containsExactly("CONNECTED ", "FILTERED Q1", "ACCEPTED Q1", "ROUTED Q1",
                "DELIVERED Q1", "REMOVED Q1");
    }

    private void age(String name, int days) throws IOException {
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.now().minusSeconds(days * 86_400L)));
    }

    @Test
    void what_brought_a_message_comes_before_what_became_of_it() throws IOException {
        write(file, Shape.TEXT, received()[0], delivered()[0], received()[4], delivered()[2]);
        assertThat(kinds("Q1")).containsExactly("CONNECTED ", "ACCEPTED Q1", "ROUTED Q1", "DELIVERED Q1");
    }

    @Test
    void what_stands_before_the_beginning_is_not_looked_for() throws IOException {
        // of an id that was used twice, which ours are not
        write(folder.resolve("mail.log.1"), Shape.TEXT, delivered());
        age("mail.log.1", 1);
        write(file, Shape.TEXT, Events.event(Kind.ACCEPTED, "", "Q1", "from", ""), delivered()[3]);
        assertThat(kinds("Q1")).containsExactly("ACCEPTED Q1", "REMOVED Q1");
    }

    @Test
    void half_a_line_and_lines_of_others_are_passed_over() throws IOException {
        write(file, Shape.TEXT, received());
        Files.writeString(file, "Q1 is what somebody else wrote\n\n\0\0\0Q1\n", StandardOpenOption.APPEND);
        write(file, Shape.TEXT, delivered());
        Files.writeString(file, "2026-11-23T12:00:00.123+00:00 mx staffetta/queue[77]: Q1: remo",
                StandardOpenOption.APPEND);
        assertThat(kinds("Q1")).hasSize(7);
    }

    @Test
    void a_line_of_any_length_is_read() throws IOException {
        Files.writeString(file, "x".repeat(3 << 20) + "Q1\n");
        write(file, Shape.TEXT, delivered());
        assertThat(kinds("Q1")).hasSize(3);
    }

    @Test
    void what_is_no_id_is_not_looked_for() throws IOException {
        write(file, Shape.TEXT, received());
        assertThat(kinds("")).isEmpty();
        assertThat(kinds("from=<a@example.org>")).isEmpty();
        assertThat(new Trail(folder.resolve("none/mail.log")).find("Q1")).isEmpty();
    }
}
