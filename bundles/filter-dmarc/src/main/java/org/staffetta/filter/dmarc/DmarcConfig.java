package org.staffetta.filter.dmarc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings. A change holds from the next transaction on. */
@ObjectClassDefinition(name = "DMARC", description = "Judges whether a message is from the domain that its From names (the filter dmarc, behind spf, dkim and arc).")
@interface DmarcConfig {

    @AttributeDefinition(name = "Policy", description = "Whether the wish of a domain about messages that fail is followed, or only told in Authentication-Results and reports.", options = {
            @Option(label = "follow it: reject is 550 5.7.1, quarantine as dmarc.quarantine says", value = "apply"),
            @Option(label = "tell what was found, and object to nothing", value = "report")})
    String policy() default "report";

    @AttributeDefinition(name = "Quarantine", description = "What quarantine means where the policy is applied.", options = {
            @Option(label = "held in the queue until an operator releases it", value = "hold"),
            @Option(label = "delivered; Authentication-Results tells", value = "tell")})
    String quarantine() default "hold";

    @AttributeDefinition(name = "Author", description = "Where the policy is applied: what becomes of a message whose From is not one field with one plain address, so that nobody can say who it is from.", options = {
            @Option(label = "550 5.6.0", value = "refuse"),
            @Option(label = "accepted; never a pass", value = "accept")})
    String author() default "refuse";

    @AttributeDefinition(name = "No answer from DNS", description = "Where the policy is applied: what becomes of a message that cannot be judged now.", options = {
            @Option(label = "accepted; never a pass", value = "accept"),
            @Option(label = "451 4.7.1, the client comes back", value = "defer")})
    String temperror() default "accept";

    @AttributeDefinition(name = "Overrides", description = "Domains of authors with another policy than their own for messages that fail, as domain:none, domain:quarantine or domain:reject; "
            + "with a dot in front, .example.org:none, also for all domains below.")
    String[] overrides() default {};

    @AttributeDefinition(name = "ARC", description = "Whether a message that fails is let through when a sealer that the filter arc trusts (arc.trusted.sealers) has found that it passed.")
    boolean arc() default true;

    @AttributeDefinition(name = "Check trusted clients", description = "Whether clients in trusted networks, and those that logged in, are judged as well; so must spf be (spf.trusted).")
    boolean trusted() default false;

    @AttributeDefinition(name = "Send reports", description = "Whether domains that ask for aggregate reports get them (RFC 9990): what came in their name, from where, and what became of it.")
    boolean report_send() default false;

    @AttributeDefinition(name = "Sender of reports", description = "The address that reports come from and bounces go to; of a domain whose SPF covers this server. If empty, postmaster of the host name.")
    String report_from() default "";

    @AttributeDefinition(name = "Organization", description = "Who reports, as it is told in them; if empty, the host name.")
    String report_organization() default "";

    @AttributeDefinition(name = "Period of reports", description = "How long messages are collected for one report, 10m to 1d; periods begin at midnight UTC.")
    String report_period() default "1d";

    @AttributeDefinition(name = "Most lines", description = "Different lines that are collected in one period, for all domains; messages beyond are not reported. One has about 300 octets; 100 to 1000000.", min = "100", max = "1000000")
    int report_max_lines() default 50_000;

    @AttributeDefinition(name = "Addresses for reports of others", description = "Aggregate reports that come to these addresses are read, and delivered as all mail; 'staffetta dmarc' shows what they say. None: no report is read.")
    String[] incoming() default {};

    @AttributeDefinition(name = "Reports of others are kept", description = "How long is kept what they say, 1d to 400d.")
    String incoming_keep() default "90d";

    @AttributeDefinition(name = "Host name", description = "How this server calls itself in reports.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Spool", description = "The name of the spool that takes reports.")
    String spool() default "file";
}
