package org.staffetta.mailboxes;

import java.util.List;

/**
 * Where an account's mail is.
 *
 * @param home the store that takes its new mail
 * @param leaving the store from which its mail is moved home; empty if it is all there
 */
record Place(String home, String leaving) {

    /** All in one store. */
    static Place in(String home) {
        return new Place(home, "");
    }

    boolean isMoving() {
        return !leaving.isEmpty();
    }

    /** The stores to look in. A message goes from the first to the second: who looks in this order misses none. */
    List<String> stores() {
        return isMoving() ? List.of(leaving, home) : List.of(home);
    }
}
