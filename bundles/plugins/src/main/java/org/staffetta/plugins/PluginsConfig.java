package org.staffetta.plugins;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings for all plug-ins. */
@ObjectClassDefinition(name = "Plug-ins", description = "How plug-ins are called, and how long one that goes is waited for")
public @interface PluginsConfig {

    /** See the description. */
    @AttributeDefinition(name = "Drain timeout", min = "1", max = "110", description = "Seconds a plug-in that is stopped, updated or removed is waited for, until all transactions and deliveries that use it have ended; what takes longer is told to try again")
    int drain_timeout() default 70;

    /** See the description. */
    @AttributeDefinition(name = "Age of a lease that is told", min = "1", max = "86400", description = "Seconds after which a transaction or delivery that has not given back what it uses is told in the log")
    int lease_alarm() default 3600;

    /** See the description. */
    @AttributeDefinition(name = "Deadline of a filter", min = "1", max = "3600", description = "Seconds one call of a filter may take; then the client gets 451. So many as well for a signature under what the server writes itself")
    int deadline_filter() default 30;

    /** See the description. */
    @AttributeDefinition(name = "Deadline of a router", min = "1", max = "3600", description = "Seconds one question to the router may take")
    int deadline_router() default 60;

    /** See the description. */
    @AttributeDefinition(name = "Deadline of a directory", min = "1", max = "3600", description = "Seconds one question to a directory may take")
    int deadline_directory() default 30;

    /** See the description. */
    @AttributeDefinition(name = "Deadline of an authenticator", min = "1", max = "3600", description = "Seconds one login may take, the client's answers included")
    int deadline_authenticator() default 300;

    /** See the description. */
    @AttributeDefinition(name = "Deadline of a store", min = "1", max = "3600", description = "Seconds one call of a spool or mailbox store may take. One of the server's own is not ended then, but counts as failed until it comes back; if it is isolated, the client gets 451")
    int deadline_store() default 120;

    /** See the description. */
    @AttributeDefinition(name = "Threads of an isolated plug-in", min = "1", max = "1000", description = "Calls that an isolated plug-in may be in at the same time; more wait for one to end. Takes effect for plug-ins that come later")
    int isolated_threads() default 16;

    /** See the description. */
    @AttributeDefinition(name = "Share of the processors", min = "1", max = "100", description = "Percent of all processors' time that those calls of one isolated plug-in get together that take more than 10 ms of it each; never more than one processor")
    int cpu_share() default 10;

    /** See the description. */
    @AttributeDefinition(name = "Memory of a call", min = "1", max = "1000000", description = "Megabytes that one call of an isolated plug-in may allocate, or a quarter of the heap if that is less; then it is ended, and the client gets 451")
    int memory_call() default 256;

    /** See the description. */
    @AttributeDefinition(name = "Failures that open the breaker", min = "1", max = "1000", description = "Failures, with no success of the same call in between, after which a plug-in is left alone for a while")
    int breaker_failures() default 5;

    /** See the description. */
    @AttributeDefinition(name = "Time in which failures count", min = "1", max = "86400", description = "Seconds within which these failures must happen")
    int breaker_within() default 60;

    /** See the description. */
    @AttributeDefinition(name = "Pause of the breaker", min = "1", max = "86400", description = "Seconds a plug-in is left alone before one call tries it again")
    int breaker_pause() default 10;
}
