package org.staffetta.acme;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The accounts with authorities, each a file: the key as PEM, and before it, where RFC 7468 section 2 allows explanatory text, what the authority knows
 * it by.
 */
final class Accounts {

    private static final Pattern LINE = Pattern.compile("(?m)^(Location|Contact): *([^\r\n]*)$");

    private final PrivateFiles files;
    private final SecureRandom random;

    Accounts(PrivateFiles files, SecureRandom random) {
        this.files = files;
        this.random = random;
    }

    /**
     * One account.
     *
     * @param location its URL; empty if the authority has not been told of the key
     * @param contact the mail addresses that the authority was told
     */
    record Account(KeyPair keys, String location, List<String> contact) {

        /** Without the key. */
        @Override
        public String toString() {
            return location;
        }
    }

    /**
     * The account with an authority; a new one, on disk already, if there is none.
     *
     * @throws IOException if it cannot be read or kept
     */
    Account of(URI directory) throws IOException {
        String name = name(directory);
        Optional<String> text = files.read(name);
        if (text.isEmpty()) {
            Account account = new Account(KeyKind.EC256.generate(random), "", List.of());
            put(directory, account);
            return account;
        }
        try {
            String head = text.get().substring(0, Math.max(text.get().indexOf("-----BEGIN"), 0));
            List<String> contact = List.of(line(head, "Contact").split(", *"));
            return new Account(Pem.of(text.get()).keys(), line(head, "Location"),
                    contact.stream().filter(one -> !one.isEmpty()).toList());
        } catch (IOException odd) {
            throw new IOException(files.path(name) + ": " + odd.getMessage(), odd);
        }
    }

    /** Keeps what the authority has said. */
    void put(URI directory, Account account) throws IOException {
        files.write(name(directory), "Directory: " + directory + "\nLocation: " + account.location() + "\nContact: "
                + String.join(", ", account.contact()) + "\n" + Pem.of(account.keys()).text());
    }

    private static String line(String head, String name) {
        Matcher lines = LINE.matcher(head);
        while (lines.find()) {
            if (lines.group(1).equals(name)) {
                return lines.group(2).strip();
            }
        }
        return "";
    }

    private static String name(URI directory) {
        CRC32 sum = new CRC32();
        sum.update(directory.toString().getBytes(StandardCharsets.UTF_8));
        return "account-" + directory.getHost().replaceAll("[^A-Za-z0-9.-]", "_") + "-"
                + Long.toHexString(0x1_0000_0000L | sum.getValue()).substring(1) + ".pem";
    }
}
