package org.staffetta.listener;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** For whom the filter of one name is asked, and what its verdict does, as an operator writes it. */
@ObjectClassDefinition(name = "Filter", description = "For whom the filter of one name is asked, and what its verdict does: filter.NAME.mode. A transaction keeps what it began with.")
public @interface FilterConfiguration {

    @AttributeDefinition(name = "Mode", description = "Whether what it says counts: enforce; shadow, it is asked, logged and counted without any effect; off, it is not asked.", options = {
            @Option(label = "enforce", value = "enforce"), @Option(label = "shadow", value = "shadow"),
            @Option(label = "off", value = "off")})
    String mode() default "enforce";

    @AttributeDefinition(name = "Share", description = "For which share of transactions it is asked: always for the same senders, by their domain; without one, and when a client connects and greets, by the client's network.")
    String share() default "100%";

    @AttributeDefinition(name = "Listeners", description = "The listeners that ask it, by name, of those that have it in their filters; none for all.")
    String[] listeners() default {};

    @AttributeDefinition(name = "Domains", description = "The domains of recipients that it is asked for: example.org, .example.org for all below it; none for all. It is first asked when the first such recipient is named.")
    String[] domains() default {};

    @AttributeDefinition(name = "Tenants", description = "The tenants whose domains it is asked for, by name, beside its own domains; none for all.")
    String[] tenants() default {};

    @AttributeDefinition(name = "Authenticated", description = "Whether it is asked about clients that have logged in, that have not, or any. Unless it is any, it is first asked at MAIL.", options = {
            @Option(label = "any", value = "any"), @Option(label = "yes", value = "yes"),
            @Option(label = "no", value = "no")})
    String authenticated() default "any";

    @AttributeDefinition(name = "Trusted", description = "Whether it is asked about clients in the listener's trusted networks, about others, or any.", options = {
            @Option(label = "any", value = "any"), @Option(label = "yes", value = "yes"),
            @Option(label = "no", value = "no")})
    String trusted() default "any";

    @AttributeDefinition(name = "Failure", description = "When it throws, takes too long, or is left alone after that: closed, the client is told to come back later; open, it is skipped for this call; default, as the filter says of itself, closed if it says nothing.", options = {
            @Option(label = "default", value = "default"), @Option(label = "closed", value = "closed"),
            @Option(label = "open", value = "open")})
    String failure() default "default";

    @AttributeDefinition(name = "Share of the canary", description = "When two versions of it are there: the share of transactions that the newer one is asked for. The older one serves the others.")
    String canary_share() default "100%";

    @AttributeDefinition(name = "Mode of the canary", description = "Whether what the newer version says counts: enforce; or shadow, then the older one is asked in any case and decides.", options = {
            @Option(label = "enforce", value = "enforce"), @Option(label = "shadow", value = "shadow")})
    String canary_mode() default "enforce";

    @AttributeDefinition(name = "Wait for a shadow", description = "How long a message waits, at its end, for a verdict that has no effect; after that it is not waited for.")
    String shadow_wait() default "1s";
}
