package org.staffetta.api.directory;

import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Address;

/** A directory's answer: four that cannot be confused. */
public sealed interface DirectoryEntry {

    /** The domain is not one of ours. */
    record Foreign() implements DirectoryEntry {}

    /** The domain is ours and there is no such name in it. */
    record NoSuchUser() implements DirectoryEntry {}

    /**
     * The address belongs to an account.
     *
     * @param id the account's own name, the same for all its addresses: {@code alice@demo.test}
     * @param attributes what else the directory knows, e.g. {@code tenant}, {@code quota}, {@code login} = {@code no} if nobody may log in as it; keys in
     *            lower case
     */
    record Account(String id, Map<String, String> attributes) implements DirectoryEntry {

        /** Copies. */
        public Account {
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * The address stands for others.
     *
     * @param members at least one
     */
    record Alias(List<Address> members) implements DirectoryEntry {

        /**
         * Copies.
         *
         * @throws IllegalArgumentException if there are no members
         */
        public Alias {
            members = List.copyOf(members);
            if (members.isEmpty()) {
                throw new IllegalArgumentException("an alias needs a member");
            }
        }
    }
}
