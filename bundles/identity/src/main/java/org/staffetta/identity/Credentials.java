package org.staffetta.identity;

import java.io.IOException;
import java.util.Optional;
import org.staffetta.api.mail.Address;

/** Whose passwords there are. */
public interface Credentials {

    /**
     * The id and the hash of an account that has a password.
     *
     * @throws IOException if that cannot be told now
     */
    Optional<Secret> secret(Address address) throws IOException;

    /**
     * Some hash, always the same one for the same number; empty if no account has a password.
     *
     * @throws IOException as above
     */
    Optional<PasswordHash> any(int number) throws IOException;

    /**
     * What proves who somebody is.
     *
     * @param account the id
     * @param hash of the password
     */
    record Secret(String account, PasswordHash hash) {}
}
