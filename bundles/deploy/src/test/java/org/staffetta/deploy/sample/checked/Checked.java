package org.staffetta.deploy.sample.checked;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.deploy.SelfCheck;

/** Checks itself, and finds fault. */
@Component
public class Checked implements SelfCheck {
    @Override
    public void check() throws Exception {
        throw new java.io.IOException("the model file is missing");
    }
}
