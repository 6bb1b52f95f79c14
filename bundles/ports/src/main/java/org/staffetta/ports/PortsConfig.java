package org.staffetta.ports;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings. A change holds for ports that are left from then on. */
@ObjectClassDefinition(name = "Ports", description = "Keeps ports open while a listener is replaced.")
@interface PortsConfig {

    @AttributeDefinition(name = "Grace", description = "Seconds that a port on which nobody listens any more stays open: connections wait for the next listener. 0 closes it at once.", min = "0", max = "300")
    int grace() default 30;
}
