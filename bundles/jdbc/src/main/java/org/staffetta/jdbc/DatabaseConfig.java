package org.staffetta.jdbc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an administrator may set: {@code jdbc.<name>.*}. */
@ObjectClassDefinition(name = "Database", description = "A database for spools, mailboxes and directories, and the pool of connections to it.")
@interface DatabaseConfig {

    @AttributeDefinition(name = "URL", description = "jdbc:postgresql://<host>/<database> or jdbc:h2:<file>; the file is relative to the data folder. "
            + "What the driver knows may follow: jdbc:postgresql://db.example.org/mail?sslmode=verify-full.")
    String url() default "";

    @AttributeDefinition(name = "User", description = "Who logs in to the database. With H2, the first to open a new file becomes its owner.")
    String user() default "staffetta";

    @AttributeDefinition(name = "Password", description = "Of that user. Better kept in a file: ${secret:<file>}.", type = AttributeType.PASSWORD)
    String password() default "";

    @AttributeDefinition(name = "Pool size", description = "Connections at most. Default 10.", min = "2", max = "500")
    int pool_size() default 10;

    @AttributeDefinition(name = "Pool wait", description = "Seconds to wait for a free connection, or for the database to accept one; after that "
            + "clients are told to come back. Default 10.", min = "1", max = "300")
    int pool_wait() default 10;
}
