package org.staffetta.directory.jdbc;

import java.io.IOException;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;

/**
 * Stands for a directory while its database is not there: it cannot tell. If there were none, those in it would be taken for strangers.
 *
 * @param name of the directory
 */
record AbsentDirectory(String name) implements Directory, Authenticator {

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        throw notThere();
    }

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        throw notThere();
    }

    private IOException notThere() {
        return new IOException("the database of directory.jdbc." + name + " is not there yet");
    }
}
