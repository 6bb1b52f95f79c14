package org.staffetta.api.deploy;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told of each step of an operation as it is done. */
@FunctionalInterface
@ConsumerType
public interface Progress {

    /** Nobody wants to know. */
    Progress NONE = (step, detail) -> {};

    /**
     * A step was done. Must return soon: the operation waits for it.
     *
     * @param step one word, e.g. {@code resolve}
     * @param detail more about it, in one line; may be empty
     */
    void step(String step, String detail);
}
