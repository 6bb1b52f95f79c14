package org.staffetta.directory.ldap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What an administrator may set: {@code directory.ldap.<name>.*}. */
@ObjectClassDefinition(name = "Directory in LDAP", description = "Accounts, aliases and logins by LDAP.")
@interface DirectoryConfig {

    @AttributeDefinition(name = "URLs", description = "The servers, ldap://host:port or ldaps://host:port; the first that can be reached is asked.")
    String[] url() default {};

    @AttributeDefinition(name = "StartTLS", description = "Encrypt connections to ldap:// before anything else is said, or say nothing.")
    boolean starttls() default false;

    @AttributeDefinition(name = "Trusted certificates", required = false, description = "A PEM file with those that vouch for the servers; a relative path starts at the "
            + "configuration folder. Empty for those that Java trusts.")
    String trust_file() default "";

    @AttributeDefinition(name = "Own DN", required = false, description = "As whom to search; empty to search as nobody.")
    String bind_dn() default "";

    @AttributeDefinition(name = "Own password", required = false, description = "Of that DN. Better kept in a file: ${secret:<file>}.", type = AttributeType.PASSWORD)
    String bind_password() default "";

    @AttributeDefinition(name = "Base", description = "The DN below which all entries are.")
    String base() default "";

    @AttributeDefinition(name = "Domains", required = false, description = "Those whose people are in this directory.")
    String[] domains() default {};

    @AttributeDefinition(name = "Filter for domains", required = false, description = "Finds an entry if {domain} is ours, for domains that are not in the list; empty for none.")
    String domain_filter() default "";

    @AttributeDefinition(name = "Filter for accounts", description = "Finds the one entry of an account by {address}, {local}, {domain}.")
    String account_filter() default "(&(objectClass=inetOrgPerson)(mail={address}))";

    @AttributeDefinition(name = "Id of an account", description = "The attribute with the one address that names the account and its mailbox.")
    String account_id() default "mail";

    @AttributeDefinition(name = "Forwarding of an account", required = false, description = "The attribute with addresses that get the account's mail in its place, such as "
            + "mailForwardingAddress; empty for none.")
    String account_forward() default "";

    @AttributeDefinition(name = "Attributes of an account", required = false, description = "What else is known of it, as ours=LDAP's: quota=mailQuota, tenant=o.")
    String[] account_attributes() default {};

    @AttributeDefinition(name = "Filter for aliases", required = false, description = "Finds the one entry of an alias by {address}, {local}, {domain}; empty for none.")
    String alias_filter() default "";

    @AttributeDefinition(name = "Members of an alias", description = "The attribute with the addresses that it stands for.")
    String alias_members() default "mailForwardingAddress";

    @AttributeDefinition(name = "Filter for the catch-all", required = false, description = "Finds the one entry, of an alias or else an account, that gets what is for nobody else in {domain}; "
            + "empty for none.")
    String catchall_filter() default "";

    @AttributeDefinition(name = "Filter for logins", required = false, description = "Finds the one entry of who logs in by {name} as he gave it, or if that is an address by {address}, {local}, "
            + "{domain}; empty for the filter for accounts.")
    String login_filter() default "";

    @AttributeDefinition(name = "Postmaster", required = false, description = "Addresses that get what is for the postmaster of this host, and of a domain that has none of its own.")
    String[] postmaster() default {};

    @AttributeDefinition(name = "Separator", required = false, description = "What separates a name from its subaddress, as in user+tag; empty for no subaddresses.")
    String separator() default "+";

    @AttributeDefinition(name = "Host name", description = "The name of this server; mail for its postmaster is accepted even if it is no domain of ours.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Referrals", description = "What a reference to another server means in an answer without an entry: fail, that we cannot tell; ignore, nothing. None is followed.", options = {
            @Option(label = "fail", value = "fail"), @Option(label = "ignore", value = "ignore")})
    String referrals() default "fail";

    @AttributeDefinition(name = "Pool size", description = "Connections at most for searches, and as many for logins.", min = "1", max = "200")
    int pool_size() default 8;

    @AttributeDefinition(name = "Time-out", description = "For one look-up or login in all; then the client is told to come back.")
    String timeout() default "10s";

    @AttributeDefinition(name = "Cache: TTL", description = "How long it is remembered who an address belongs to; 0s for not at all.")
    String cache_ttl() default "0s";

    @AttributeDefinition(name = "Cache: negative TTL", description = "How long it is remembered that there is no such user or domain; 0s for not at all.")
    String cache_negative_ttl() default "0s";

    @AttributeDefinition(name = "Cache: size", description = "Addresses at most.", min = "1", max = "1000000")
    int cache_size() default 10_000;
}
