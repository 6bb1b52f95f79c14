package org.staffetta.directory.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queries. All names are as they are compared. */
final class DirectoryTables {

    private final Connection connection;

    DirectoryTables(Connection connection) {
        this.connection = connection;
    }

    /**
     * A domain.
     *
     * @param people the domain whose people it has: its own name if not another's
     * @param acceptsAny whether its people's next hop decides who exists
     */
    record Domain(String name, String people, boolean acceptsAny) {}

    /** An account or alias, without what belongs to it. */
    record Name(String domain, String localPart, boolean alias) {}

    Optional<Domain> domain(String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT COALESCE(d.same_as, d.name), "
                + "COALESCE(s.accept_any, d.accept_any) FROM directory_domain d LEFT JOIN directory_domain s ON s.name = d.same_as "
                + "WHERE d.name = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Domain(name, row.getString(1), row.getBoolean(2)))
                        : Optional.empty();
            }
        }
    }

    /** Those of the given names that there are. */
    Map<String, Name> names(String domain, List<String> localParts) throws SQLException {
        Map<String, Name> names = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT local_part, kind FROM directory_address WHERE domain = ? AND local_part = ANY(?)")) {
            query.setString(1, domain);
            query.setArray(2, connection.createArrayOf("varchar", localParts.toArray(String[]::new)));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.put(row.getString(1), new Name(domain, row.getString(1), row.getString(2).equals("alias")));
                }
            }
        }
        return names;
    }

    List<String> members(Name alias) throws SQLException {
        return strings("SELECT member FROM directory_member WHERE domain = ? AND local_part = ? ORDER BY no",
                alias.domain(),
                alias.localPart());
    }

    Map<String, String> attributes(Name account) throws SQLException {
        Map<String, String> attributes = new HashMap<>();
        try (PreparedStatement query = connection
                .prepareStatement(
                        "SELECT name, setting FROM directory_attribute WHERE domain = ? AND local_part = ?")) {
            query.setString(1, account.domain());
            query.setString(2, account.localPart());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    attributes.put(row.getString(1), row.getString(2));
                }
            }
        }
        return attributes;
    }

    List<String> postmasters() throws SQLException {
        return strings("SELECT member FROM directory_postmaster ORDER BY no");
    }

    /** That of an account that may log in. */
    Optional<String> password(String domain, String localPart) throws SQLException {
        return strings("SELECT password FROM directory_address a WHERE domain = ? AND local_part = ? "
                + "AND password IS NOT NULL AND NOT EXISTS (SELECT 1 FROM directory_attribute b WHERE b.domain = a.domain "
                + "AND b.local_part = a.local_part AND b.name = 'login' AND b.setting = 'no')", domain, localPart)
                .stream().findFirst();
    }

    /** Whether somebody's password is kept in the form that SCRAM needs. */
    boolean hasScram() throws SQLException {
        return !strings("SELECT 'x' FROM directory_address WHERE password LIKE 'SCRAM-%' FETCH FIRST 1 ROW ONLY")
                .isEmpty();
    }

    /** The password of the first account from there on, and of the first of all if there is none. */
    Optional<String> passwordNear(String localPart) throws SQLException {
        String first = "SELECT password FROM directory_address WHERE password IS NOT NULL";
        String order = " ORDER BY local_part, domain FETCH FIRST 1 ROW ONLY";
        Optional<String> near = strings(first + " AND local_part >= ?" + order, localPart).stream().findFirst();
        return near.isPresent() ? near : strings(first + order).stream().findFirst();
    }

    private List<String> strings(String sql, String... parameters) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    strings.add(row.getString(1));
                }
            }
        }
        return strings;
    }
}
