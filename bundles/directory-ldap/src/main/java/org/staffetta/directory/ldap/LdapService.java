package org.staffetta.directory.ldap;

import java.io.IOException;
import java.time.Duration;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.PasswordDialogue;

/** A directory and the logins to it, with the settings that it began with. */
final class LdapService implements Directory, PasswordDialogue.Check, AutoCloseable {

    private final Ldap ldap;
    private final LdapDirectory directory;
    private final LdapLogin login;

    /**
     * Asks nobody yet.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    LdapService(Settings settings) {
        this.ldap = new Ldap(settings.server());
        this.directory = new LdapDirectory(ldap, settings, System::nanoTime);
        this.login = new LdapLogin(ldap, directory, settings);
    }

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        return directory.find(address);
    }

    @Override
    public Decision check(String authorized, String name, byte[] password) throws IOException {
        return login.check(authorized, name, password);
    }

    /** Closes when those who ask at this moment have their answers. */
    void retire() {
        Duration most = ldap.timeout();
        Thread.ofVirtual().name("ldap-retire").start(() -> {
            try {
                Thread.sleep(most);
            } catch (InterruptedException sooner) {
                // nobody does that
            } finally {
                close();
            }
        });
    }

    @Override
    public void close() {
        ldap.close();
    }
}
