package org.staffetta.dns;

import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What is asked.
 *
 * @param name absolute
 * @param type a number of {@link Type}
 */
record Question(Name name, int type) {

    @Override
    public String toString() {
        return name.toString(true) + " " + Type.string(type);
    }
}
