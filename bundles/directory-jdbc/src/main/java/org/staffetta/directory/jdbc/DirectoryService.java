package org.staffetta.directory.jdbc;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Hashing;
import org.staffetta.identity.Login;
import org.staffetta.identity.ScramLogin;
import org.staffetta.sql.Database;
import org.staffetta.sql.Schema;

/** A directory and the logins to it, from {@link #open} to {@link #close}. */
final class DirectoryService implements Directory, Authenticator, AutoCloseable {

    private final JdbcDirectory directory;
    private final Hashing hashing;
    private final Login login;
    private final ScramLogin scramLogin;
    private volatile Optional<ScramOffer> scram = Optional.empty();

    private DirectoryService(JdbcDirectory directory, Hashing hashing) {
        this.directory = directory;
        this.hashing = hashing;
        SecureRandom random = new SecureRandom();
        int secret = random.nextInt();
        this.login = new Login(hashing, secret);
        this.scramLogin = new ScramLogin(random, secret);
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

    /** The other way to log in, for those whose password is kept for it. */
    Decision authenticateByScram(Dialogue dialogue) throws IOException {
        return scramLogin.authenticate(dialogue, directory);
    }

    /** Whether there is anybody who can. */
    boolean hasScram() throws IOException {
        return directory.hasScram();
    }

    /** Offers it to all, as long as there is. */
    void offerScram(BundleContext context) {
        ScramOffer offer = new ScramOffer(context, this);
        scram = Optional.of(offer);
        offer.start();
    }

    @Override
    public void close() {
        scram.ifPresent(ScramOffer::close);
        hashing.close();
    }
}
