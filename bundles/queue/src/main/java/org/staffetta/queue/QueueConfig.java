package org.staffetta.queue;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of the queue. Durations are a number and one of ms, s, m, h, d. */
@ObjectClassDefinition(name = "Staffetta queue", description = "Delivery, retries and bounces of accepted messages.")
@interface QueueConfig {

    @AttributeDefinition(name = "Host name", description = "How this server calls itself in notifications.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Spool", description = "The name of the spool that notifications go to. Set it once for all, without a prefix: spool = file.")
    String spool() default "file";

    @AttributeDefinition(name = "Postmaster", description = "Who bounces come from; empty for postmaster at the host name.")
    String postmaster() default "";

    @AttributeDefinition(name = "Active messages", description = "Messages in work at once; the others wait in the spool.", min = "1", max = "1000000")
    int active_limit() default 20_000;

    @AttributeDefinition(name = "Attempts in all", description = "Attempts of delivery at once, to all destinations together.", min = "1", max = "100000")
    int attempts_max() default 1_000;

    @AttributeDefinition(name = "Recipients per attempt", description = "Recipients of one message in one attempt.", min = "1", max = "10000")
    int max_recipients_per_attempt() default 100;

    @AttributeDefinition(name = "Initial concurrency", description = "Attempts at once towards a destination that nothing is known of yet.", min = "1", max = "9999")
    int lane_concurrency_initial() default 5;

    @AttributeDefinition(name = "Maximal concurrency", description = "Attempts at once towards one destination.", min = "1", max = "9999")
    int lane_concurrency_max() default 20;

    @AttributeDefinition(name = "Local concurrency", description = "Attempts at once towards one destination for the own domains.", min = "1", max = "9999")
    int local_concurrency() default 50;

    @AttributeDefinition(name = "Concurrency by transport", description = "The maximum per destination for some transports: <transport>=<number>, e.g. lmtp=10.")
    String[] transport_concurrency() default {};

    @AttributeDefinition(name = "Waiting per destination", description = "Attempts that wait for their turn in memory, per destination; further messages wait in the spool.", min = "1", max = "1000000")
    int lane_waiting() default 5_000;

    @AttributeDefinition(name = "Attempt timeout", description = "An attempt that takes longer is interrupted and the message tried again later; should exceed what RFC 5321 section 4.5.3.2 grants.")
    String attempt_timeout() default "1h";

    @AttributeDefinition(name = "First retry", description = "The pause after the first attempt; it doubles with each further attempt.")
    String retry_first() default "5m";

    @AttributeDefinition(name = "Longest retry", description = "The longest pause between attempts.")
    String retry_max() default "70m";

    @AttributeDefinition(name = "Lifetime", description = "After this the sender is told that the message could not be delivered.")
    String lifetime() default "5d";

    @AttributeDefinition(name = "Lifetime of bounces", description = "After this a bounce that cannot be delivered is dropped.")
    String bounce_lifetime() default "2d";

    @AttributeDefinition(name = "Warn after", description = "After this the sender is told once that the message is late; 0s for never.")
    String warn_after() default "0s";

    @AttributeDefinition(name = "First pause in trouble", description = "A destination that cannot be reached is left alone for this long at first; each further failure doubles it.")
    String trouble_first() default "30s";

    @AttributeDefinition(name = "Longest pause in trouble", description = "A destination that cannot be reached is left alone for this long at most.")
    String trouble_max() default "30m";

    @AttributeDefinition(name = "Drain timeout", description = "How long a stop or an exchange of a part waits for attempts that run; then they are interrupted.")
    String drain_timeout() default "60s";

    @AttributeDefinition(name = "Bounce size limit", description = "Octets: a bounce returns longer messages by their header only.", min = "0", max = "1048576")
    int bounce_size_limit() default 50_000;
}
