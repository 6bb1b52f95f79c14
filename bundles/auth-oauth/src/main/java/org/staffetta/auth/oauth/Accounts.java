package org.staffetta.auth.oauth;

import java.io.IOException;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;

/** Who may log in, by the directories that are there. */
record Accounts(Plugins plugins) {

    /**
     * The id of the account with that name; empty if there is none, or it may not log in.
     *
     * @throws IOException if that cannot be told now
     */
    Optional<String> id(String name) throws IOException {
        Address address;
        try {
            address = Address.parse(name);
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
        return find(address) instanceof Account account && mayLogIn(account) && isNamed(account, address)
                ? Optional.of(account.id())
                : Optional.empty();
    }

    // those of a relay domain are another server's
    private static boolean mayLogIn(Account account) {
        return !account.attributes().containsKey("accept") && !"no".equals(account.attributes().get("login"));
    }

    // mail for alice+x is for alice, but nobody logs in as alice+x
    private static boolean isNamed(Account account, Address address) {
        return comparable(Address.parse(account.id()).localPart()).equals(comparable(address.localPart()));
    }

    private static String comparable(String localPart) {
        // there are letters with a mark that have one character in lower case only
        return nfc(nfc(localPart).toLowerCase(Locale.ROOT));
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    // the first that knows the domain
    private DirectoryEntry find(Address address) throws IOException {
        List<Lease<Directory>> directories = plugins.leaseAll(Directory.class);
        try {
            if (directories.isEmpty()) {
                throw new IOException("there is no directory");
            }
            for (Lease<Directory> directory : directories) {
                DirectoryEntry entry = directory.service().find(address);
                if (!(entry instanceof Foreign)) {
                    return entry;
                }
            }
            return new Foreign();
        } finally {
            directories.forEach(Lease::close);
        }
    }
}
