package org.staffetta.directory.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.staffetta.api.config.Durations;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Names;

/**
 * The configuration in the types that the code wants.
 *
 * @param server how LDAP is reached
 * @param domains those that are ours, as they are compared
 * @param filters by which entries are found
 * @param id the attribute with an account's id
 * @param forward that with what an account's mail goes to in its place
 * @param members that with an alias's members
 * @param attributes LDAP's names by our own
 * @param postmaster who gets what is for one that is not there
 * @param separator between name and subaddress; empty if there are no subaddresses
 * @param host our name as it is compared
 * @param cache what is remembered
 */
record Settings(Server server, Set<String> domains, Filters filters, String id, Optional<String> forward,
        String members,
        Map<String, String> attributes, List<Address> postmaster, String separator, String host, Memory cache) {

    private static final Set<String> OF_ADDRESS = Set.of("address", "local", "domain");
    private static final Pattern URL = Pattern.compile("ldaps?://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(:[0-9]+)?/?");
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z][A-Za-z0-9-]*|[0-9]+(\\.[0-9]+)+");

    /**
     * How LDAP is reached.
     *
     * @param urls of the servers in the order in which they are tried
     * @param starttls whether connections are encrypted at their begin
     * @param trust whose word on certificates counts; empty for that of those whom Java trusts
     * @param dn as whom we search; empty for nobody
     * @param base below which all entries are
     * @param ignoresReferrals whether an answer counts that has nothing but references to other servers
     * @param connections at most, of each kind
     * @param timeout for a look-up or login
     */
    record Server(List<LDAPURL> urls, boolean starttls, Optional<Path> trust, String dn, String password, DN base,
            boolean ignoresReferrals, int connections, Duration timeout) {

        /** Without the password. */
        @Override
        public String toString() {
            return urls.toString();
        }

        /** Hosts that get passwords in clear, by a network. */
        List<String> inClear() {
            return starttls
                    ? List.of()
                    : urls.stream().filter(url -> url.getScheme().equals("ldap")).map(LDAPURL::getHost)
                            .filter(host -> !isLoopback(host)).toList();
        }

        private static boolean isLoopback(String host) {
            try {
                return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
            } catch (IllegalArgumentException name) {
                return false;
            }
        }
    }

    /** By which entries are found. */
    record Filters(Template account, Optional<Template> alias, Optional<Template> domain, Optional<Template> catchall,
            Template login) {}

    /** What is remembered, and for how long. */
    record Memory(Duration found, Duration missing, int size) {}

    /**
     * Reads the configuration.
     *
     * @param folder where relative paths start
     * @throws IllegalArgumentException with one line for the operator
     */
    static Settings of(DirectoryConfig config, Path folder) {
        Filters filters = filters(config);
        Set<String> domains = Arrays.stream(config.domains()).map(Names::domain).collect(Collectors.toSet());
        require(!domains.isEmpty() || filters.domain().isPresent(),
                "domains: which are ours? None is named, and there is no domain.filter");
        return new Settings(server(config, folder), domains, filters, attribute("account.id", config.account_id()),
                present(config.account_forward()).map(text -> attribute("account.forward", text)),
                attribute("alias.members", config.alias_members()), attributes(config.account_attributes()),
                Arrays.stream(config.postmaster()).map(Settings::postmaster).toList(), config.separator(),
                Names.domain(config.hostname()), new Memory(Durations.read("cache.ttl", config.cache_ttl()),
                        Durations.read("cache.negative.ttl", config.cache_negative_ttl()), config.cache_size()));
    }

    private static Server server(DirectoryConfig config, Path folder) {
        List<LDAPURL> urls = Arrays.stream(config.url()).map(Settings::url).toList();
        require(!urls.isEmpty(), "url: must be ldap://host or ldaps://host, or several of these");
        require(!config.starttls() || urls.stream().allMatch(url -> url.getScheme().equals("ldap")),
                "starttls: is for ldap://, and ldaps:// is encrypted without it");
        require(config.bind_dn().isBlank() || !config.bind_password().isEmpty(),
                "bind.password: must be there if there is a bind.dn");
        Duration timeout = Durations.read("timeout", config.timeout());
        require(timeout.compareTo(Duration.ofMillis(10)) >= 0 && timeout.compareTo(Duration.ofMinutes(5)) <= 0,
                "timeout: must be 10ms to 5m");
        return new Server(urls, config.starttls(), present(config.trust_file()).map(folder::resolve),
                dn("bind.dn", config.bind_dn()).toString(), config.bind_password(), dn("base", config.base()),
                config.referrals().equals("ignore"), config.pool_size(), timeout);
    }

    private static Filters filters(DirectoryConfig config) {
        Template account = Template.parse("account.filter", config.account_filter(), OF_ADDRESS);
        require(!account.words().isEmpty(), "account.filter: must have {address}, or {local}");
        return new Filters(account, template("alias.filter", config.alias_filter(), OF_ADDRESS),
                template("domain.filter", config.domain_filter(), Set.of("domain")),
                template("catchall.filter", config.catchall_filter(), Set.of("domain")),
                template("login.filter", config.login_filter(), Set.of("name", "address", "local", "domain"))
                        .orElse(account));
    }

    private static Optional<Template> template(String setting, String text, Set<String> words) {
        return present(text).map(filter -> Template.parse(setting, filter, words));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
    }

    private static LDAPURL url(String text) {
        try {
            require(URL.matcher(text.strip()).matches(),
                    "url: '" + text + "' must be ldap://host or ldaps://host, with a port or without, and no more");
            return new LDAPURL(text.strip());
        } catch (LDAPException e) {
            throw new IllegalArgumentException("url: '" + text + "': " + e.getMessage(), e);
        }
    }

    private static DN dn(String setting, String text) {
        try {
            return new DN(text.strip());
        } catch (LDAPException e) {
            throw new IllegalArgumentException(setting + ": '" + text + "': " + e.getMessage(), e);
        }
    }

    private static String attribute(String setting, String text) {
        require(ATTRIBUTE.matcher(text.strip()).matches(), setting + ": '" + text + "' is no name of an attribute");
        return text.strip();
    }

    private static Map<String, String> attributes(String[] pairs) {
        Map<String, String> attributes = new TreeMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            require(equals > 0, "account.attributes: '" + pair + "' must be ours=LDAP's, as quota=mailQuota");
            attributes.put(pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                    attribute("account.attributes", pair.substring(equals + 1)));
        }
        return Map.copyOf(attributes);
    }

    private static Address postmaster(String text) {
        try {
            return Address.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("postmaster: '" + text + "': " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
