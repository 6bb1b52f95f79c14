package org.staffetta.directory.jdbc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an administrator may set: {@code directory.jdbc.<name>.*}. */
@ObjectClassDefinition(name = "Directory in a database", description = "Domains, accounts and aliases in PostgreSQL or H2.")
@interface DirectoryConfig {

    @AttributeDefinition(name = "Database", description = "Which one: the <name> of jdbc.<name>.url. Default main.")
    String database() default "main";

    @AttributeDefinition(name = "Separator", required = false, description = "What separates a name from its subaddress, as in user+tag; empty for no "
            + "subaddresses. Default +.")
    String separator() default "+";

    @AttributeDefinition(name = "Host name", description = "The name of this server; mail for its postmaster is accepted even if it is no domain of ours.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Hashing threads", description = "How many passwords are checked at once. Default 2.", min = "1", max = "64")
    int hashing_threads() default 2;
}
