package org.staffetta.mailboxes;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.plugin.Lease;

/** Says where an account's mail is, or is to be. */
final class Homes {

    private static final int MAX_KNOWN = 100_000;

    private final Places places;
    private final Stores stores;
    private final Supplier<String> preferred;
    private final Set<String> inBase = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_KNOWN;
        }
    }));

    Homes(Places places, Stores stores, Supplier<String> preferred) {
        this.places = places;
        this.stores = stores;
        this.preferred = preferred;
    }

    /** Where to read; that of a new account is where its first mail would go now. */
    Place place(String name, Account account, Duration patience) throws IOException {
        Optional<Place> known = known(name, account, patience);
        return known.isPresent() ? known.get() : Place.in(preferred.get());
    }

    /** A delivery begins, into the store that is returned; the place of a new account is noted with it. */
    String beginDelivery(String name, Account account, Duration patience) throws IOException {
        while (true) {
            String base = places.base();
            String store = account.beginDelivery(() -> settled(name, account, patience).home());
            // if the base has moved meanwhile, its mover may not have seen this delivery
            if (base.equals(places.base())) {
                return store;
            }
            account.endDelivery(store);
        }
    }

    private Place settled(String name, Account account, Duration patience) throws IOException {
        Optional<Place> known = known(name, account, patience);
        if (known.isPresent()) {
            return known.get();
        }
        Place fresh = Place.in(preferred.get());
        places.put(name, fresh);
        return fresh;
    }

    /** Where an account's mail is; empty if it has none, nor a place. */
    Optional<Place> known(String name, Account account, Duration patience) throws IOException {
        Optional<Place> noted = places.find(name);
        if (noted.isPresent()) {
            return noted;
        }
        String base = places.base();
        // what is on its way into the base cannot be seen there yet
        boolean there = base.equals(preferred.get()) || account.isDeliveringInto(base)
                || isInBase(base, name, patience);
        return there ? Optional.of(Place.in(base)) : Optional.empty();
    }

    private boolean isInBase(String base, String name, Duration patience) throws IOException {
        String key = base + "\n" + name;
        if (inBase.contains(key)) {
            return true;
        }
        try (Lease<MailboxStore> store = stores.lease(base, patience)) {
            boolean there = store.service().open(name).count() > 0;
            if (there) {
                inBase.add(key);
            }
            return there;
        }
    }
}
