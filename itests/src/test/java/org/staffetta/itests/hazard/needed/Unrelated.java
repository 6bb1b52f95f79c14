package org.staffetta.itests.hazard.needed;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** Its configuration, which is among the properties of its service, may change at any time. */
@Component(configurationPid = "org.example.unrelated", property = "hazard=unrelated")
public class Unrelated implements Runnable {

    @Modified
    void modified() {}

    @Override
    public void run() {}
}
