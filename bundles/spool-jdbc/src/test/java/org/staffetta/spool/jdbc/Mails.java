package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;
import org.staffetta.sql.Database;

/** Mails to put into spools, and spools to put them into. */
final class Mails {

    static final List<Header> HEADERS = List.of(Header.of("Subject", "x"));
    static final JdbcSpool.Settings QUICK = new JdbcSpool.Settings("test", Duration.ofSeconds(2),
            Duration.ofMillis(50));

    private Mails() {}

    static Envelope to(int recipients) {
        return new Envelope(Address.parse("joe@example.net"), IntStream.range(0, recipients)
                .mapToObj(i -> new Recipient(Address.parse("r" + i + "@example.org"))).toList(), Map.of());
    }

    static String put(Spool spool, int size) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(new byte[size]);
            draft.commit(to(1), HEADERS, Map.of());
            return draft.id();
        }
    }

    static JdbcSpool open(DataSource source, JdbcSpool.Settings settings) throws SQLException {
        return JdbcSpool.open(Database.open(source), settings, InstantSource.system(), new SecureRandom(), alarm -> {});
    }
}
