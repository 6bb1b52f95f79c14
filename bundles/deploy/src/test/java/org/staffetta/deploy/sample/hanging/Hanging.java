package org.staffetta.deploy.sample.hanging;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not come to an end when it is to start. */
public class Hanging implements BundleActivator {
    @Override
    public void start(BundleContext context) throws Exception {
        Thread.currentThread().join();
    }

    @Override
    public void stop(BundleContext context) {
        // it never came so far
    }
}
