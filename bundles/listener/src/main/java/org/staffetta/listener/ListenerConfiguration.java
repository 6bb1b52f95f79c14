package org.staffetta.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of one listener, as an operator writes them. */
@ObjectClassDefinition(name = "Staffetta listener", description = "Receives mail by SMTP on one address.")
public @interface ListenerConfiguration {

    @AttributeDefinition(name = "Host name", description = "What this server calls itself: in the greeting, in Received fields, and as the domain of <Postmaster>.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Authentication service", description = "In whose name Authentication-Results fields are written, the authserv-id; if empty, the host name. "
            + "Servers of one organisation that believe one another may have the same. Fields in this name that a message brings along are removed.")
    String authserv() default "";

    @AttributeDefinition(name = "Address", description = "The address to listen on; 0.0.0.0 or :: for all.")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "The TCP port to listen on; 0 for any that is free.", min = "0", max = "65535")
    int port() default 2525;

    @AttributeDefinition(name = "Spool", description = "The name of the spool that takes new mail.")
    String spool() default "file";

    @AttributeDefinition(name = "Filters", description = "The filters to ask, by name, in this order. One that is not there makes the client come back later, "
            + "unless its name ends in a question mark: then it is skipped.")
    String[] filters() default {};

    @AttributeDefinition(name = "Trusted networks", description = "Clients that may send to anywhere without authentication, as addresses or networks such as 10.0.0.0/8. "
            + "They are exempt from max.connections.per.client.")
    String[] trusted_networks() default {"127.0.0.0/8", "::1"};

    @AttributeDefinition(name = "Encryption", description = "By TLS: never, if the client wants (STARTTLS), before any mail (STARTTLS), or from the first octet on, as on port 465. Certificates are in tls.* and certificate.*.", options = {
            @Option(label = "never", value = "off"), @Option(label = "if the client wants", value = "optional"),
            @Option(label = "before any mail", value = "required"),
            @Option(label = "from the first octet on", value = "implicit")})
    String tls() default "optional";

    @AttributeDefinition(name = "Session tickets", description = "Whether clients may resume an encrypted session with less effort. Some, old ones of Microsoft's, break off when they get a ticket.")
    boolean tls_tickets() default true;

    @AttributeDefinition(name = "REQUIRETLS", description = "Whether clients may demand, on encrypted connections, that a message goes on by encrypted and verified ways only, or comes back (RFC 8689). To domains elsewhere that needs a resolver that validates DNSSEC.")
    boolean requiretls() default true;

    @AttributeDefinition(name = "Authentication", description = "When AUTH is offered: never, on encrypted connections only, or always. Required: on encrypted connections, and nobody sends mail without it.", options = {
            @Option(label = "never", value = "off"), @Option(label = "on encrypted connections", value = "tls"),
            @Option(label = "always", value = "always"),
            @Option(label = "required, on encrypted connections", value = "required")})
    String auth() default "tls";

    @AttributeDefinition(name = "Senders", description = "Under what addresses a client may send that has logged in, in the envelope and in the From field: those of its account and the aliases that lead to it, or any.", options = {
            @Option(label = "its own", value = "own"), @Option(label = "any", value = "any")})
    String senders() default "own";

    @AttributeDefinition(name = "Largest message", description = "In octets. Announced as SIZE.", min = "65536", max = "2147483647")
    long max_message_size() default 52_428_800;

    @AttributeDefinition(name = "Most recipients", description = "For one message. RFC 5321 asks for at least 100.", min = "1", max = "100000")
    int max_recipients() default 1000;

    @AttributeDefinition(name = "Longest command", description = "In octets, with CRLF.", min = "512", max = "65536")
    int max_line() default 2048;

    @AttributeDefinition(name = "Longest line of a message", description = "In octets, with CRLF. A message with a longer one is refused.", min = "1000", max = "1048576")
    int max_data_line() default 65_536;

    @AttributeDefinition(name = "Largest header section", description = "In octets.", min = "4096", max = "1048576")
    int max_header_size() default 102_400;

    @AttributeDefinition(name = "Most header fields", description = "In one message.", min = "50", max = "10000")
    int max_header_fields() default 1000;

    @AttributeDefinition(name = "Most hops", description = "A message with more Received fields than this is in a loop.", min = "10", max = "1000")
    int max_hops() default 100;

    @AttributeDefinition(name = "Most errors", description = "After this many refused commands since the last accepted message the connection is closed.", min = "1", max = "10000")
    int max_errors() default 20;

    @AttributeDefinition(name = "Errors before slowing down", description = "After this many refused commands each further refusal is delayed.", min = "0", max = "10000")
    int slow_errors() default 5;

    @AttributeDefinition(name = "Delay of refusals", description = "In milliseconds.", min = "0", max = "60000")
    int error_delay() default 1000;

    @AttributeDefinition(name = "Most idle commands", description = "After this many NOOP, RSET, VRFY and the like since the last message each further one counts as an error.", min = "10", max = "100000")
    int max_idle_commands() default 100;

    @AttributeDefinition(name = "Most failed logins", description = "In one session; then the connection is closed.", min = "1", max = "20")
    int max_auth_failures() default 3;

    @AttributeDefinition(name = "Most failed logins of one client", description = "From one IPv4 address or one IPv6 network of 64 bits within auth.lock; then no login from there is looked at for as long. Counted for all listeners together.", min = "1", max = "100000")
    int max_auth_failures_client() default 10;

    @AttributeDefinition(name = "Most failed logins for one name", description = "The same for a name that clients say they are, wherever they come from, and whether there is such a name or not.", min = "1", max = "100000")
    int max_auth_failures_name() default 50;

    @AttributeDefinition(name = "Lock of logins", description = "In seconds.", min = "1", max = "86400")
    int auth_lock() default 600;

    @AttributeDefinition(name = "Most connections", description = "At the same time; 0 for as many as fit into half of the heap.", min = "0", max = "1000000")
    int max_connections() default 0;

    @AttributeDefinition(name = "Most connections of one client", description = "At the same time from one IPv4 address or one IPv6 network of 64 bits, trusted networks excepted.", min = "1", max = "1000000")
    int max_connections_per_client() default 50;

    @AttributeDefinition(name = "Time for a command", description = "In seconds: the longest wait for a complete command, and for a client to read our answers. RFC 5321 asks for at least 300.", min = "1", max = "3600")
    int command_timeout() default 300;

    @AttributeDefinition(name = "Time between octets of a message", description = "In seconds: the longest wait for more of it.", min = "1", max = "3600")
    int data_timeout() default 300;

    @AttributeDefinition(name = "Time for a message", description = "In seconds, from DATA to its end.", min = "1", max = "86400")
    int data_total_timeout() default 1800;

    @AttributeDefinition(name = "Slowest client", description = "In octets a second: one that sends a message more slowly, on the average since DATA, is cut off after data.timeout.", min = "0", max = "1000000")
    int data_min_rate() default 500;

    @AttributeDefinition(name = "Time for a filter", description = "In seconds: one that takes longer is interrupted and the client told to come back later.", min = "1", max = "600")
    int filter_timeout() default 30;

    @AttributeDefinition(name = "Questions to DNS", description = "That all filters together may ask about one message.", min = "1", max = "1000")
    int dns_questions() default 50;

    @AttributeDefinition(name = "Time for DNS", description = "In seconds: when the answers about one message have taken so long in all, filters get no more.", min = "1", max = "300")
    int dns_time() default 15;

    @AttributeDefinition(name = "Wait for a part", description = "In seconds: how long a client waits for a filter, router or spool that is being replaced before it is told to come back later.", min = "0", max = "120")
    int wait_for_plugin() default 10;

    @AttributeDefinition(name = "Time to drain", description = "In seconds: how long running transactions may go on when the listener is stopped. Where another version of it has taken over, sessions go on for as long before that.", min = "0", max = "600")
    int drain_timeout() default 20;
}
