package org.staffetta.log;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the mail log. */
@ObjectClassDefinition(id = "org.staffetta.log", name = "Mail log", description = "One line for each thing that happens to a message")
public @interface Settings {

    /** The shape of a line. */
    @AttributeDefinition(name = "Format", description = "What a line looks like: text as Postfix writes it, or a JSON object", options = {
            @Option("text"), @Option("json")})
    String format() default "text";

    /** Where it is. */
    @AttributeDefinition(name = "File", description = "Path of the file; relative to the data folder")
    String file() default "log/mail.log";

    /** When a new one begins. */
    @AttributeDefinition(name = "Maximum size", description = "Size at which the file gets a number and a new one begins, in octets", min = "65536")
    long max_size() default 64L * 1024 * 1024;

    /** How many old ones there are. */
    @AttributeDefinition(name = "Files kept", description = "Number of old files that are kept", min = "1", max = "999")
    int keep() default 10;

    /** How far readers may be behind. */
    @AttributeDefinition(name = "Queue", description = "Events that may wait to be written, or to be taken by a slow listener; more are lost", min = "100", max = "1000000")
    int queue() default 20_000;

    /** Our name. */
    @AttributeDefinition(name = "Host name", description = "Name of this server as the lines show it")
    String hostname() default "localhost";
}
