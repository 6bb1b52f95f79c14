package org.staffetta.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.staffetta.api.mail.Address;

/**
 * The name of somebody who logs in.
 *
 * @param text the one form of all that means the same: what failures are counted by, and what unknown names are told apart by
 * @param candidates the addresses that it may be, best first: as it stands, and in the form of RFC 8265. A name that was given out before anybody
 *            asked for that form goes on to work. None if it is no address
 */
record AuthName(String text, List<Address> candidates) {

    private static final String SPACE = " ";

    static AuthName of(String name) {
        // the sign in the middle may be a wide one as well
        Optional<Address> given = address(() -> Address.parse(name))
                .or(() -> address(() -> Address.parse(Precis.width(name))));
        if (given.isEmpty()) {
            return new AuthName(Names.localPart(Precis.width(name)), List.of());
        }
        String asItStands = Names.localPart(given.get().localPart());
        String local = prepared(given.get().localPart()).orElse(asItStands);
        List<Address> candidates = new ArrayList<>(List.of(given.get()));
        if (!local.equals(asItStands)) {
            address(() -> new Address(local, given.get().domain())).ifPresent(candidates::add);
        }
        return new AuthName(local + "@" + Names.domain(given.get().domain()), candidates);
    }

    private static Optional<Address> address(Supplier<Address> text) {
        try {
            return Optional.of(text.get());
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    // a local part with spaces is a username of several parts (RFC 8265 section 3.1)
    private static Optional<String> prepared(String localPart) {
        List<String> parts = new ArrayList<>();
        for (String part : localPart.split(SPACE, -1)) {
            Optional<String> prepared = Precis.USERNAME_CASE_MAPPED.enforce(part);
            if (prepared.isEmpty()) {
                return Optional.empty();
            }
            parts.add(prepared.get());
        }
        return Optional.of(String.join(SPACE, parts));
    }
}
