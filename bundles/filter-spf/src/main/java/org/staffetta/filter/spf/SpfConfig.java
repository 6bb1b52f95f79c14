package org.staffetta.filter.spf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of the filter, as an operator writes them. */
@ObjectClassDefinition(name = "Staffetta SPF", description = "Whether a domain permits the client to send in its name (RFC 7208): the filter spf.")
@interface SpfConfig {

    @AttributeDefinition(name = "Host name", description = "How this server calls itself in explanations and Received-SPF fields.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Refuse for good", description = "The results that are refused with 550 5.7.23 (fail, softfail) or 550 5.7.24 (permerror), after MAIL FROM. "
            + "By default none: forwarded mail fails SPF, and DMARC judges with DKIM in view.", options = {
                    @Option(label = "fail", value = "fail"),
                    @Option(label = "softfail", value = "softfail"), @Option(label = "permerror", value = "permerror")})
    String[] reject() default {};

    @AttributeDefinition(name = "Refuse for now", description = "The results that are answered 451 4.7.24, after MAIL FROM.", options = {
            @Option(label = "temperror", value = "temperror")})
    String[] defer() default {};

    @AttributeDefinition(name = "Check HELO", description = "Whether the name that the client gave in HELO or EHLO is checked as well (section 2.3); it always is when the reverse-path is null.")
    boolean helo() default true;

    @AttributeDefinition(name = "Check trusted clients", description = "Whether clients in trusted networks, and those that logged in, are checked as well.")
    boolean trusted() default false;

    @AttributeDefinition(name = "Received-SPF", description = "Whether a Received-SPF field is put on the message (section 9.1); the Authentication-Results field says the same.")
    boolean received_spf() default false;

    @AttributeDefinition(name = "Void lookups", description = "DNS lookups without content that one check may meet before it ends in permerror (section 4.6.4); 1 to 10.", min = "1", max = "10")
    int void_lookups() default 2;

    @AttributeDefinition(name = "Time for a check", description = "One that takes longer ends in temperror; section 4.6.4 asks for at least 20 seconds.")
    String timeout() default "20s";
}
