package org.staffetta.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.staffetta.api.config.Durations;

/** The settings in the form in which they are used. */
record Settings(int keep, Optional<Path> trustStore, String trustPassword, Duration rollbackWithin,
        Duration startTimeout) {

    /**
     * Reads them.
     *
     * @param conf what a relative path is relative to
     * @throws IllegalArgumentException if one is wrong; the message names it and says what is allowed
     */
    static Settings of(DeployConfig config, Path conf) {
        Optional<Path> store = Optional.of(config.trust_store().strip()).filter(text -> !text.isEmpty())
                .map(conf::resolve);
        return new Settings(config.keep(), store, config.trust_password(),
                Durations.read("deploy.rollback.within", config.rollback_within()),
                Durations.read("deploy.start.timeout", config.start_timeout()));
    }
}
