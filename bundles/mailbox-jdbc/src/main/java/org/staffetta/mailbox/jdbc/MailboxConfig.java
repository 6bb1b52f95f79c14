package org.staffetta.mailbox.jdbc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an administrator may set: {@code mailbox.jdbc.<name>.*}. */
@ObjectClassDefinition(name = "Mailboxes in a database", description = "Delivered mail in PostgreSQL or H2.")
@interface MailboxConfig {

    @AttributeDefinition(name = "Database", description = "Which one: the <name> of jdbc.<name>.url. Default main.")
    String database() default "main";
}
