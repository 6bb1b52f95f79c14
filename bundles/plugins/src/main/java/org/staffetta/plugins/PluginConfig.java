package org.staffetta.plugins;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings for the plug-ins of one name. */
@ObjectClassDefinition(name = "Plug-in", description = "How the plug-ins of one name are called: plugin.NAME.deadline")
public @interface PluginConfig {

    /** See the description. */
    @AttributeDefinition(name = "Deadline", min = "0", max = "3600", description = "Seconds one call may take; 0 for what holds for all of its kind")
    int deadline() default 0;

    /** See the description. */
    @AttributeDefinition(name = "Isolation", description = "Whether it runs on threads of its own: then one that loops for ever does not take the server's threads. By default what comes from the folder deploy does", options = {
            @Option(label = "default", value = "default"), @Option(label = "inline", value = "inline"),
            @Option(label = "isolated", value = "isolated")})
    String isolation() default "default";

    /** See the description. */
    @AttributeDefinition(name = "Share of the processors", min = "0", max = "100", description = "Percent of all processors' time that its long calls get together, if it is isolated; 0 for what holds for all")
    int cpu_share() default 0;

    /** See the description. */
    @AttributeDefinition(name = "Memory of a call", min = "0", max = "1000000", description = "Megabytes that one call may allocate, if it is isolated; 0 for what holds for all")
    int memory_call() default 0;

    /** See the description. */
    @AttributeDefinition(name = "Failures that open the breaker", min = "0", max = "1000", description = "Failures after which it is left alone for a while; 0 for what holds for all")
    int breaker_failures() default 0;

    /** See the description. */
    @AttributeDefinition(name = "Time in which failures count", min = "0", max = "86400", description = "Seconds within which these failures must happen; 0 for what holds for all")
    int breaker_within() default 0;

    /** See the description. */
    @AttributeDefinition(name = "Pause of the breaker", min = "0", max = "86400", description = "Seconds it is left alone before one call tries it again; 0 for what holds for all")
    int breaker_pause() default 0;
}
