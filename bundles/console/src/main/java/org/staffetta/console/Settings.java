package org.staffetta.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the web console is. */
@ObjectClassDefinition(id = "org.staffetta.console", name = "Web console", description = "Where the web console is; it is for this machine only")
public @interface Settings {

    /** The address. */
    @AttributeDefinition(name = "Address", description = "A loopback address: 127.0.0.1, ::1 or the like")
    String address() default "127.0.0.1";

    /** The port. */
    @AttributeDefinition(name = "Port", description = "TCP port; 0 takes a free one", min = "0", max = "65535")
    int port() default 8480;
}
