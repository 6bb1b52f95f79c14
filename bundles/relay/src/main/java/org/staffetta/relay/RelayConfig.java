package org.staffetta.relay;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of both transports. Changes are live; a running attempt keeps the settings it began with. */
@ObjectClassDefinition(name = "Relay", description = "Carries mail to other servers by SMTP and LMTP.")
@interface RelayConfig {

    @AttributeDefinition(name = "Host name", description = "The name that this server gives itself at EHLO; it should resolve to the address it calls from.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Port", description = "Where mail exchangers listen.", min = "1", max = "65535")
    int port() default 25;

    @AttributeDefinition(name = "LMTP port", description = "Where LMTP servers listen if the route does not say.", min = "1", max = "65535")
    int lmtp_port() default 24;

    @AttributeDefinition(name = "Source addresses", description = "The addresses to call from, at most one of IPv4 and one of IPv6; by default the system chooses.")
    String[] source_address() default {};

    @AttributeDefinition(name = "Own addresses", description = "Further names and addresses that mean this server, such as the public address before a NAT: mail for other domains is never relayed to them. The listeners' own addresses are known.")
    String[] own_addresses() default {};

    @AttributeDefinition(name = "Address family", description = "Which addresses of a server to use, and which first.", options = {
            @Option(label = "both, in random order", value = "any"), @Option(label = "IPv6 first", value = "ipv6"),
            @Option(label = "IPv4 first", value = "ipv4"), @Option(label = "IPv6 only", value = "ipv6-only"),
            @Option(label = "IPv4 only", value = "ipv4-only")})
    String address_family() default "any";

    @AttributeDefinition(name = "Addresses per attempt", description = "How many addresses of servers are tried in one attempt.", min = "1", max = "100")
    int max_addresses() default 5;

    @AttributeDefinition(name = "Sessions per attempt", description = "How many servers that greet us are tried in one attempt.", min = "1", max = "100")
    int max_sessions() default 2;

    @AttributeDefinition(name = "Messages per connection", description = "How many transactions a connection is used for.", min = "1", max = "100000")
    int max_messages() default 100;

    @AttributeDefinition(name = "Idle connections: time", description = "Seconds for which an idle connection is kept for the next message; 0 closes it at once.", min = "0", max = "240")
    int cache_idle() default 5;

    @AttributeDefinition(name = "Idle connections: number", description = "How many idle connections are kept in all.", min = "0", max = "100000")
    int cache_size() default 500;

    @AttributeDefinition(name = "Time-out: connect", description = "Seconds to wait for a TCP connection.", min = "1", max = "600")
    int connect_timeout() default 30;

    @AttributeDefinition(name = "Time-out: greeting", description = "Seconds to wait for the greeting.", min = "1", max = "3600")
    int greeting_timeout() default 300;

    @AttributeDefinition(name = "Time-out: EHLO", description = "Seconds to wait for the reply to EHLO, HELO and LHLO.", min = "1", max = "3600")
    int helo_timeout() default 300;

    @AttributeDefinition(name = "Time-out: MAIL", description = "Seconds to wait for the reply to MAIL.", min = "1", max = "3600")
    int mail_timeout() default 300;

    @AttributeDefinition(name = "Time-out: RCPT", description = "Seconds to wait for the reply to each RCPT.", min = "1", max = "3600")
    int rcpt_timeout() default 300;

    @AttributeDefinition(name = "Time-out: DATA", description = "Seconds to wait for the reply to DATA.", min = "1", max = "3600")
    int data_init_timeout() default 120;

    @AttributeDefinition(name = "Time-out: block", description = "Seconds to wait until the server has taken a block of 16 KB.", min = "1", max = "3600")
    int data_block_timeout() default 180;

    @AttributeDefinition(name = "Time-out: end of data", description = "Seconds to wait for the reply to a message. A short time makes duplicates.", min = "1", max = "7200")
    int data_end_timeout() default 600;

    @AttributeDefinition(name = "Time-out: RSET", description = "Seconds to wait for the reply to RSET.", min = "1", max = "3600")
    int rset_timeout() default 20;

    @AttributeDefinition(name = "Time-out: QUIT", description = "Seconds to wait for the reply to QUIT; no delivery waits for it.", min = "1", max = "3600")
    int quit_timeout() default 10;

    @AttributeDefinition(name = "Time-out: attempt", description = "Seconds that one attempt may take in all, all servers and the transfer of the message included.", min = "1", max = "86400")
    int attempt_timeout() default 7200;

    @AttributeDefinition(name = "Encryption", description = "Of the way to other servers: off; may, if the server can, else in clear; require, whoever it is; verify, and its certificate must be of its name and trusted.", options = {
            @Option(label = "never", value = "off"), @Option(label = "if the server can", value = "may"),
            @Option(label = "always", value = "require"), @Option(label = "always, verified", value = "verify")})
    String tls() default "may";

    @AttributeDefinition(name = "Encryption by destination", required = false, description = "Where it is to be otherwise, by the domain or host of the next hop, as in: example.org verify, .example.net require (all below example.net).")
    String[] tls_policies() default {};

    @AttributeDefinition(name = "Encrypted ports", required = false, description = "Where servers are encrypted from the first octet on, as at 465. The policy says whether they must prove their name.")
    String[] tls_implicit_ports() default {"465"};

    @AttributeDefinition(name = "REQUIRETLS: DNSSEC", description = "A message with REQUIRETLS goes only to mail exchangers whose names are validated by DNSSEC, as RFC 8689 wants it. Without, whoever forges DNS leads it to a server of his own.")
    boolean requiretls_dnssec() default true;

    @AttributeDefinition(name = "Header TLS-Required", description = "A message with TLS-Required: No rather goes in clear than not at all, whatever the policy for its destination (RFC 8689).")
    boolean tls_header() default true;

    @AttributeDefinition(name = "Wait for DNS", description = "Seconds to wait while DNS, or TLS where it is required, is replaced, before the attempt is deferred.", min = "0", max = "300")
    int service_wait() default 10;
}
