package org.staffetta.api.auth;

import org.staffetta.api.mail.Reply;

/** The end of an AUTH dialogue. */
public sealed interface Decision {

    /**
     * The client is who it says.
     *
     * @param account {@link org.staffetta.api.directory.DirectoryEntry.Account#id()}
     */
    record Granted(String account) implements Decision {}

    /**
     * It is not, or may not.
     *
     * @param reply {@code 535 5.7.8} or another 4yz or 5yz that says no more than a stranger may know
     */
    record Denied(Reply reply) implements Decision {}
}
