package org.staffetta.spools;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of spools side by side. */
@ObjectClassDefinition(name = "Staffetta spools", description = "Which spool takes new mail, and migrations from one to another.")
@interface SpoolsConfig {

    @AttributeDefinition(name = "Spool", description = "The name of the spool that takes new mail; the others are only drained. Set it once for all, without "
            + "a prefix: spool = file. Default file.")
    String spool() default "file";

    @AttributeDefinition(name = "Messages at once", description = "How many messages a migration moves at a time. More are quicker, and take more of the "
            + "storage from mail that flows. Default 16.", min = "1", max = "256")
    int migration_concurrency() default 16;
}
