package org.staffetta.api.config;

import org.osgi.annotation.versioning.ProviderType;

/** The file that an administrator edits. May be used from any thread but Configuration Admin's own. */
@ProviderType
public interface Configuration {

    /**
     * Writes a setting to the file, as if the administrator had done it, and has it heeded: whoever uses it is told soon after.
     *
     * @param key as it stands in the file
     * @throws IllegalStateException if it is refused or cannot be written: the message says why in one line, and nothing is changed
     */
    void set(String key, String value);
}
