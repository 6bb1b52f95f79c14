package org.staffetta.mda;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.mailbox.OpenMailbox;
import org.staffetta.api.plugin.Plugins;

/** Delivers with the settings it was made with. */
final class LocalDelivery implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDelivery.class);
    // for what was decided before a store was asked
    private static final String NO_STORE = "mda";
    private static final Reply DELIVERED = new Reply(250, "2.0.0", "delivered to mailbox");
    private static final Reply NO_SUCH_USER = new Reply(550, "5.1.1", "no such user here");
    private static final Reply LOOP = new Reply(554, "5.4.6", "mail loop: the message was in this mailbox before");
    private static final Reply FULL = new Reply(452, "4.2.2", "the mailbox is full");
    private static final Reply MAILBOX_TROUBLE = new Reply(451, "4.2.0", "the mailbox cannot be written now");
    private static final Reply DIRECTORY_TROUBLE = new Reply(451, "4.3.0", "the recipient cannot be looked up now");
    private static final Reply ROUTE_ANEW = new Reply(451, "4.3.5", "the recipient has no mailbox here any more");

    private final Plugins plugins;
    private final List<String> order;
    private final Duration patience;

    /**
     * Makes a transport.
     *
     * @param order of the directories, as in {@link Plugins}
     * @param patience how long to wait for a directory, or for the stores of mailboxes
     */
    LocalDelivery(Plugins plugins, List<String> order, Duration patience) {
        this.plugins = plugins;
        this.order = List.copyOf(order);
        this.patience = patience;
    }

    @Override
    public Map<Recipient, Outcome> deliver(Attempt attempt) throws IOException, InterruptedException {
        try (Parts parts = Parts.lease(plugins, order, patience)) {
            return deliver(attempt, parts.directories(), parts.mailboxes());
        }
    }

    private Map<Recipient, Outcome> deliver(Attempt attempt, Collection<Directory> asked, Mailboxes mailboxes) {
        Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Recipient recipient : attempt.envelope().recipients()) {
            switch (find(recipient.address(), asked)) {
                case Found(Account account) ->
                    groups.computeIfAbsent(account.id(), id -> new Group(account, new ArrayList<>()))
                            .recipients().add(recipient);
                case Nobody(Reply reply) -> outcomes.put(recipient, Outcome.of(reply, NO_STORE));
            }
        }
        // all of them together wait no longer than one
        long end = System.nanoTime() + patience.toNanos();
        for (Group group : groups.values()) {
            // what was delivered so far stays delivered: who is missing in the answer counts as deferred
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            Outcome outcome = deliver(attempt, group, mailboxes,
                    Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            group.recipients().forEach(recipient -> outcomes.put(recipient, outcome));
        }
        return outcomes;
    }

    private static Answer find(Address address, Collection<Directory> asked) {
        try {
            return switch (ask(address, asked)) {
                case Account account when !"any".equals(account.attributes().get("accept")) -> new Found(account);
                case NoSuchUser none -> new Nobody(NO_SUCH_USER);
                case Account relayed -> new Nobody(ROUTE_ANEW);
                case Alias alias -> new Nobody(ROUTE_ANEW);
                case Foreign foreign -> new Nobody(ROUTE_ANEW);
            };
        } catch (IOException | RuntimeException | LinkageError failed) {
            LOG.warn("{} cannot be looked up: {}", address, failed.toString());
            return new Nobody(DIRECTORY_TROUBLE);
        }
    }

    private static DirectoryEntry ask(Address address, Collection<Directory> asked) throws IOException {
        DirectoryEntry entry = new Foreign();
        for (Directory directory : asked) {
            entry = directory.find(address);
            if (!(entry instanceof Foreign)) {
                return entry;
            }
        }
        return entry;
    }

    private static boolean isLoop(Message message, String account) {
        return message.headers().stream()
                .anyMatch(header -> header.is("Delivered-To") && header.value().equalsIgnoreCase(account));
    }

    // interrupted while it waited: what was delivered so far stays delivered
    private static Outcome deliver(Attempt attempt, Group group, Mailboxes mailboxes, Duration patience) {
        String account = group.account().id();
        if (isLoop(attempt.message(), account)) {
            return Outcome.of(LOOP, NO_STORE);
        }
        try (OpenMailbox mailbox = mailboxes.open(account, patience)) {
            return Outcome.of(deliver(attempt, group, mailbox), mailbox.store());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            LOG.warn("{}: the mailbox {} cannot be opened: {}", attempt.queueId(), account, failed.toString());
        } catch (RuntimeException | LinkageError bug) {
            LOG.error("{}: the mailbox {} cannot be opened", attempt.queueId(), account, bug);
        }
        return Outcome.of(MAILBOX_TROUBLE, NO_STORE);
    }

    private static Reply deliver(Attempt attempt, Group group, Mailbox mailbox) {
        try {
            return tryDelivery(attempt, group, mailbox);
        } catch (IOException failed) {
            LOG.warn("{}: the mailbox {} cannot be written: {}", attempt.queueId(), group.account().id(),
                    failed.toString());
        } catch (RuntimeException | LinkageError bug) {
            LOG.error("{}: the store failed for the mailbox {}", attempt.queueId(), group.account().id(), bug);
        }
        return MAILBOX_TROUBLE;
    }

    private static Reply tryDelivery(Attempt attempt, Group group, Mailbox mailbox) throws IOException {
        Message message = attempt.message();
        if (exceeds(group.account(), mailbox, message.size())) {
            return FULL;
        }
        // RFC 5321 section 4.4
        mailbox.deliver(WithoutFields.named("Return-Path", message), trace(attempt, group));
        return DELIVERED;
    }

    // only where there is a quota: the store has to look at all that is there
    private static boolean exceeds(Account account, Mailbox mailbox, long size) throws IOException {
        String quota = account.attributes().get("quota");
        if (quota == null) {
            return false;
        }
        long used = mailbox.messages().stream().mapToLong(Mailbox.Stored::size).sum();
        return used + size > Long.parseLong(quota);
    }

    private static List<Header> trace(Attempt attempt, Group group) {
        String account = group.account().id();
        Stream<Header> fixed = Stream.of(Header.of("Return-Path", "<" + attempt.envelope().sender() + ">"),
                Header.of("Delivered-To", account));
        Stream<Header> originals = group.recipients().stream()
                .map(recipient -> OriginalRecipient.of(recipient).toString()).distinct()
                .filter(original -> !original.equalsIgnoreCase(account))
                .map(original -> Header.of("X-Original-To", original));
        return Stream.concat(fixed, originals).toList();
    }

    private sealed interface Answer {}

    private record Found(Account account) implements Answer {}

    private record Nobody(Reply reply) implements Answer {}

    private record Group(Account account, List<Recipient> recipients) {}
}
