package org.staffetta.directory.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Names;
import org.staffetta.identity.PasswordHash;

/** Reads one file into a table. For one use. */
final class DirectoryReader {

    private static final String ALLOWED = "domain, account, alias, catch-all, postmaster";

    private final String file;
    private final String separator;
    private final int maxMemory;
    private final Map<String, Domain> domains = new LinkedHashMap<>();
    private final Map<String, DirectoryEntry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, PasswordHash> passwords = new HashMap<>();
    private final Map<String, CatchAll> catchAlls = new LinkedHashMap<>();
    private Optional<DirectoryEntry> postmaster = Optional.empty();
    private int line;

    /**
     * Makes a reader.
     *
     * @param file how messages name the file
     * @param separator see {@link DirectoryTable}
     * @param maxMemory what computing a password hash may take, in KiB
     */
    DirectoryReader(String file, String separator, int maxMemory) {
        this.file = file;
        this.separator = separator;
        this.maxMemory = maxMemory;
    }

    /** Reads the file's octets; all or nothing. */
    DirectoryTable read(byte[] octets) throws BadFileException {
        int from = startsWithByteOrderMark(octets) ? 3 : 0;
        while (from < octets.length) {
            int end = lineEnd(octets, from);
            line++;
            readLine(octets, from, end);
            from = end + 1;
        }
        CrossCheck check = new CrossCheck(file, domains, lines);
        check.domains();
        catchAlls.forEach((domain, catchAll) -> domains.computeIfPresent(domain,
                (name, old) -> old.withCatchAll(catchAll.entry())));
        catchAlls.forEach((domain, catchAll) -> lines.put("@" + domain, catchAll.line()));
        check.domainsOf(lines.keySet());
        check.catchAlls();
        DirectoryTable table = new DirectoryTable(domains, entries, passwords, postmaster, separator);
        check.aliases(table, entries, postmaster);
        check.postmasters(table);
        return table;
    }

    private void readLine(byte[] octets, int from, int end) throws BadFileException {
        int to = end > from && octets[end - 1] == '\r' ? end - 1 : end;
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, to - from))
                    .toString();
            List<String> words = Words.of(text, false);
            if (!words.isEmpty()) {
                entry(words, text);
            }
        } catch (CharacterCodingException notUtf8) {
            throw bad("the line is not UTF-8");
        } catch (IllegalArgumentException wrong) {
            throw bad(String.valueOf(wrong.getMessage()));
        }
    }

    private void entry(List<String> words, String text) {
        List<String> arguments = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "domain" -> domain(arguments);
            case "account" -> account(arguments);
            case "alias" -> alias(Words.of(text, true));
            case "catch-all" -> catchAll(Words.of(text, true));
            case "postmaster" -> postmaster(Words.of(text, true));
            default -> throw new IllegalArgumentException(shown(words.getFirst()) + " is unknown; allowed: " + ALLOWED);
        }
    }

    private void domain(List<String> words) {
        require(words.size() == 1 || words.size() == 2, "allowed: domain NAME [accept=any | same-as=DOMAIN]");
        String name = domainName(words.getFirst());
        Domain old = domains.get(name);
        require(old == null, "domain " + name + " is there already, in line " + (old == null ? 0 : old.line()));
        String option = words.size() == 2 ? words.get(1) : "";
        boolean acceptsAny = option.equals("accept=any");
        boolean same = option.startsWith("same-as=");
        require(option.isEmpty() || acceptsAny || same,
                "domain " + name + ": " + shown(option) + " is unknown; allowed: accept=any, same-as=DOMAIN");
        String sameAs = same ? domainName(option.substring("same-as=".length())) : name;
        domains.put(name, new Domain(name, line, acceptsAny, sameAs, Optional.empty()));
    }

    private void account(List<String> words) {
        require(!words.isEmpty(), "allowed: account ADDRESS [password=HASH] [quota=OCTETS] [tenant=NAME] [login=no]");
        Address address = address(words.getFirst());
        String key = DirectoryTable.key(address);
        AccountWords options = AccountWords.of(address, words.subList(1, words.size()), maxMemory);
        // in lower case, so that the mailbox stays when somebody writes the address in another case
        String id = new Address(Names.localPart(address.localPart()), Names.domain(address.domain())).toString();
        put(key, address, new Account(id, options.attributes()));
        options.password().ifPresent(hash -> passwords.put(key, hash));
    }

    private void alias(List<String> words) {
        require(words.size() >= 3, "allowed: alias ADDRESS MEMBER, MEMBER, …");
        Address address = address(words.get(1));
        put(DirectoryTable.key(address), address, members(words.subList(2, words.size())));
    }

    private void catchAll(List<String> words) {
        require(words.size() >= 3 && words.get(1).startsWith("@"), "allowed: catch-all @DOMAIN MEMBER, MEMBER, …");
        String name = domainName(words.get(1).substring(1));
        CatchAll old = catchAlls.get(name);
        require(old == null, "catch-all @" + name + " is there already, in line " + (old == null ? 0 : old.line()));
        catchAlls.put(name, new CatchAll(members(words.subList(2, words.size())), line));
    }

    private void postmaster(List<String> words) {
        require(words.size() >= 2, "allowed: postmaster MEMBER, MEMBER, …");
        require(postmaster.isEmpty(), "there is a postmaster line already");
        postmaster = Optional.of(members(words.subList(1, words.size())));
        lines.put(CrossCheck.POSTMASTER_LINE, line);
    }

    private void put(String key, Address address, DirectoryEntry entry) {
        DirectoryEntry old = entries.putIfAbsent(key, entry);
        require(old == null, address + " is there already, as " + (old instanceof Alias ? "an alias" : "an account")
                + ", in line " + lines.get(key));
        lines.put(key, line);
    }

    private static Alias members(List<String> words) {
        return new Alias(words.stream().map(DirectoryReader::address).toList());
    }

    private static Address address(String word) {
        try {
            return Address.parse(word);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(shown(word) + " is no address: " + wrong.getMessage(), wrong);
        }
    }

    // an address with that domain tells whether it is one
    private static String domainName(String word) {
        try {
            return Names.domain(new Address("x", word).domain());
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(shown(word) + " is no domain name", wrong);
        }
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    private BadFileException bad(String message) {
        return new BadFileException(file + ":" + line + ": " + message);
    }

    // what was read is shown, but not pages of it, and not where it may be a password
    static String shown(String word) {
        String safe = word.contains("$") ? "…" : word;
        String printable = safe.replaceAll("\\p{Cntrl}", "?");
        return "'" + (printable.length() <= 80 ? printable : printable.substring(0, 80) + "…") + "'";
    }

    private static boolean startsWithByteOrderMark(byte[] octets) {
        return octets.length >= 3 && octets[0] == (byte) 0xef && octets[1] == (byte) 0xbb && octets[2] == (byte) 0xbf;
    }

    private static int lineEnd(byte[] octets, int from) {
        int end = from;
        while (end < octets.length && octets[end] != '\n') {
            end++;
        }
        return end;
    }

    private record CatchAll(DirectoryEntry entry, int line) {}
}
