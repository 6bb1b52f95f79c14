package org.staffetta.directory.jdbc;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Hashing;
import org.staffetta.identity.Login;
import org.staffetta.sql.Database;
import org.staffetta.sql.Schema;

/** A directory and the logins to it, from {@link #open} to {@link #close}. */
final class DirectoryService implements Directory, Authenticator, AutoCloseable {

    private final JdbcDirectory directory;
    private final Hashing hashing;
    private final Login login;

    private DirectoryService(JdbcDirectory directory, Hashing hashing) {
        this.directory = directory;
        this.hashing = hashing;
        this.login = new Login(hashing, new SecureRandom().nextInt());
    }

    /** Opens the directory; the tables are made if they are not there. */
    static DirectoryService open(Database database, JdbcDirectory.Settings settings, Hashing hashing)
            throws SQLException {
        Schema.migrate(database, "directory", DirectoryService.class);
        return new DirectoryService(new JdbcDirectory(database, settings), hashing);
    }

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        return directory.find(address);
    }

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        return login.authenticate(dialogue, directory);
    }

    @Override
    public void close() {
        hashing.close();
    }
}
