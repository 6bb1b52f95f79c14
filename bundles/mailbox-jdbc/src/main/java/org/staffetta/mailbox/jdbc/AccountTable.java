package org.staffetta.mailbox.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.sql.Database;
import org.staffetta.sql.SqlFailures;
import org.staffetta.sql.SqlText;

/** Whose mail it is. */
final class AccountTable {

    private static final Logger LOG = LoggerFactory.getLogger(AccountTable.class);
    private static final int MAX_ACCOUNT = 500;
    private static final int PAGE = 500;
    private static final String HASH = "%sha256-";
    private static final String SELECT = "SELECT DISTINCT account FROM mailbox_message ";
    private static final String ORDER = "ORDER BY account FETCH FIRST " + PAGE + " ROWS ONLY";

    private final Database database;

    AccountTable(Database database) {
        this.database = database;
    }

    /** How an account stands in the tables; different accounts differently. */
    static String key(String account) {
        String escaped = SqlText.escape(account);
        // what is escaped has four digits after each %, and so is no such hash
        return escaped.length() <= MAX_ACCOUNT ? escaped : HASH + sha256(escaped);
    }

    /** Sees to it that the account can be told from its key. */
    void note(String account) throws SQLException {
        String key = key(account);
        if (key.startsWith(HASH) && name(key).isEmpty()) {
            insert(key, SqlText.escape(account));
        }
    }

    private void insert(String key, String name) throws SQLException {
        try {
            database.commit(connection -> {
                try (PreparedStatement insert = connection
                        .prepareStatement("INSERT INTO mailbox_long_account (account, name) VALUES (?, ?)")) {
                    insert.setString(1, key);
                    insert.setString(2, name);
                    return insert.executeUpdate();
                }
            });
        } catch (SQLException e) {
            if (!SqlFailures.isDuplicate(e)) {
                throw e;
            }
        }
    }

    /** All accounts with mail, read page by page. */
    Stream<String> stream(Function<SQLException, IOException> failures) {
        return Stream.iterate(page("", failures), page -> !page.isEmpty(), page -> page(page.getLast(), failures))
                .flatMap(List::stream).map(key -> account(key, failures)).flatMap(Optional::stream);
    }

    // the empty name is the first of all
    private List<String> page(String after, Function<SQLException, IOException> failures) {
        try {
            return database.read(connection -> {
                String sql = after.isEmpty() ? SELECT + ORDER : SELECT + "WHERE account > ? " + ORDER;
                try (PreparedStatement query = connection.prepareStatement(sql)) {
                    if (!after.isEmpty()) {
                        query.setString(1, after);
                    }
                    return keys(query);
                }
            });
        } catch (SQLException e) {
            throw new UncheckedIOException(failures.apply(e));
        }
    }

    private static List<String> keys(PreparedStatement query) throws SQLException {
        List<String> keys = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                keys.add(row.getString(1));
            }
        }
        return keys;
    }

    private Optional<String> account(String key, Function<SQLException, IOException> failures) {
        try {
            Optional<String> name = key.startsWith(HASH) ? name(key) : Optional.of(key);
            if (name.isEmpty()) {
                LOG.warn("The mailbox {} is of an account whose name is not known", key);
            }
            return name.map(SqlText::unescape);
        } catch (SQLException e) {
            throw new UncheckedIOException(failures.apply(e));
        }
    }

    private Optional<String> name(String key) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement query = connection
                    .prepareStatement("SELECT name FROM mailbox_long_account WHERE account = ?")) {
                query.setString(1, key);
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
