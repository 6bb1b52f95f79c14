package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.h2.util.OsgiDataSourceFactory;
import org.postgresql.osgi.PGDataSourceFactory;
import org.staffetta.api.spool.Draft;
import org.staffetta.jdbc.JdbcUrl;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/**
 * Puts messages into a spool on many threads, each with its id as its body, now and then a large one, until it is killed; says the id of each once
 * that is accepted.
 */
final class Appender {

    private static final int THREADS = 16;

    private Appender() {}

    public static void main(String[] arguments) throws Exception {
        TestDatabase database = database(arguments);
        Pool pool = database.open();
        JdbcSpool spool = Mails.open(pool.source(), Mails.QUICK);
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> append(spool));
        }
        // if whoever started it goes, so does it
        System.in.read();
        Runtime.getRuntime().halt(0);
    }

    static String[] arguments(TestDatabase database) {
        return new String[]{database.url().text(), database.user(), database.password()};
    }

    private static TestDatabase database(String[] arguments) {
        boolean h2 = arguments[0].startsWith("jdbc:h2:");
        return new TestDatabase(JdbcUrl.parse(arguments[0], Path.of("")), arguments[1],
                arguments.length > 2 ? arguments[2] : "",
                h2 ? new OsgiDataSourceFactory(new org.h2.Driver()) : new PGDataSourceFactory());
    }

    private static void append(JdbcSpool spool) {
        Random random = new Random();
        try {
            while (true) {
                System.out.println(append(spool, random.nextInt(20) == 0 ? 20_000 : 1));
            }
        } catch (IOException e) {
            System.out.println("! " + e);
        }
    }

    private static String append(JdbcSpool spool, int copies) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(draft.id().repeat(copies).getBytes(StandardCharsets.US_ASCII));
            draft.commit(Mails.to(1), Mails.HEADERS, Map.of("copies", Integer.toString(copies)));
            return draft.id();
        }
    }
}
