package org.staffetta.directory.jdbc;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.identity.ScramLogin;

/** SCRAM as a service, while there is a password in the form that it needs: some clients try nothing else when it fails. */
final class ScramOffer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScramOffer.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final BundleContext context;
    private final DirectoryService directory;
    private final Thread watcher = Thread.ofPlatform().daemon().name("directory-jdbc-scram").unstarted(this::watch);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable ServiceRegistration<?> offered;

    ScramOffer(BundleContext context, DirectoryService directory) {
        this.context = context;
        this.directory = directory;
    }

    /** Begins to look into the tables every few seconds. */
    void start() {
        watcher.start();
    }

    @Override
    public void close() {
        // no interrupt: one within H2 would close its file for everybody
        closed.countDown();
        offer(false);
    }

    private void watch() {
        try {
            do {
                look();
            } while (!closed.await(LOOK.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException stopped) {
            // nobody does that
        }
    }

    private void look() {
        try {
            offer(directory.hasScram());
        } catch (IOException unknown) {
            // it is as it was, as far as anybody knows; logins will say what is wrong
            LOG.debug("it cannot be told whether SCRAM is to be offered", unknown);
        } catch (IllegalStateException stopped) {
            // the bundle goes
        } catch (RuntimeException bug) {
            LOG.error("it could not be told whether SCRAM is to be offered", bug);
        }
    }

    // who unregisters waits for those who use it, so not in the lock
    private void offer(boolean wanted) {
        ServiceRegistration<?> leaver = null;
        synchronized (this) {
            if (wanted && closed.getCount() > 0 && offered == null) {
                String[] mechanisms = {ScramLogin.PLAIN_CHANNEL, ScramLogin.BOUND};
                Authenticator authenticator = directory::authenticateByScram;
                offered = context.registerService(Authenticator.class, authenticator,
                        FrameworkUtil.asDictionary(Map.of(Authenticator.MECHANISM, mechanisms)));
            } else if (!wanted) {
                leaver = offered;
                offered = null;
            }
        }
        if (leaver != null) {
            leaver.unregister();
        }
    }
}
