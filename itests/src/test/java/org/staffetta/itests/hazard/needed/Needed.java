package org.staffetta.itests.hazard.needed;

import org.osgi.service.component.annotations.Component;

/** Another part cannot be without it. */
@Component(property = "hazard=needed")
public class Needed implements Runnable {

    @Override
    public void run() {}
}
