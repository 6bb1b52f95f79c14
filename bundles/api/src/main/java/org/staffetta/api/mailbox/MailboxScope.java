package org.staffetta.api.mailbox;

/**
 * Which accounts a migration is for.
 *
 * @param kind what is named
 * @param name the account, or the domain: what stands after the last {@code @} of an account; empty for all
 */
public record MailboxScope(Kind kind, String name) {

    /** What a scope names. */
    public enum Kind {
        /** All accounts. */
        ALL,
        /** Those of one domain. */
        DOMAIN,
        /** One account. */
        ACCOUNT
    }

    /** All accounts of a store. */
    public static final MailboxScope ALL = new MailboxScope(Kind.ALL, "");

    /** The accounts of a domain. */
    public static MailboxScope domain(String domain) {
        return new MailboxScope(Kind.DOMAIN, domain);
    }

    /** One account. */
    public static MailboxScope account(String account) {
        return new MailboxScope(Kind.ACCOUNT, account);
    }

    /** Whether an account belongs to it. */
    public boolean contains(String account) {
        return switch (kind) {
            case ALL -> true;
            case DOMAIN -> account.contains("@") && account.substring(account.lastIndexOf('@') + 1).equals(name);
            case ACCOUNT -> account.equals(name);
        };
    }
}
