package org.staffetta.spool.jdbc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an administrator may set: {@code spool.jdbc.<name>.*}. */
@ObjectClassDefinition(name = "Spool in a database", description = "The durable queue of accepted messages in PostgreSQL or H2. Several servers may share one.")
@interface SpoolConfig {

    @AttributeDefinition(name = "Database", description = "Which one: the <name> of jdbc.<name>.url. Default main.")
    String database() default "main";

    @AttributeDefinition(name = "Host name", description = "The name of this server, shown in the table of those that share the spool.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Lease", description = "Seconds after which the messages that a server works on are given to others if it is not "
            + "heard of any more. Longer than any pause of this server or way to the database may be. Default 30.", min = "5", max = "3600")
    int lease() default 30;

    @AttributeDefinition(name = "Poll", description = "Milliseconds between two looks for messages that other servers have put into the database; "
            + "those of this server are seen at once. Default 1000.", min = "50", max = "60000")
    int poll() default 1000;
}
