package org.staffetta.auth.oauth;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;

/** A directory of demo.test, which is demo.example as well. */
final class People implements Directory {

    @Override
    public DirectoryEntry find(Address address) throws IOException {
        String name = address.localPart().toLowerCase(Locale.ROOT).replaceAll("\\+.*", "");
        return switch (address.domain()) {
            case "demo.test", "demo.example" -> switch (name) {
                case "alice", "bob" -> new Account(name + "@demo.test", Map.of());
                case "gone" -> new Account("gone@demo.test", Map.of("login", "no"));
                case "info" -> new Alias(List.of(new Address("alice", "demo.test")));
                default -> new NoSuchUser();
            };
            case "partner.example" -> new Account(name + "@partner.example", Map.of("accept", "any"));
            case "unsure.example" -> throw new IOException("the disk is gone");
            default -> new Foreign();
        };
    }
}
