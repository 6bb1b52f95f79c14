package org.staffetta.mailboxes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The messages that one opened mailbox reads or deletes at this moment: they stay where they are until it is done with them. */
final class Uses {

    private final Account account;
    private final Duration patience;
    private final Set<Reading> readings = ConcurrentHashMap.newKeySet();

    Uses(Account account, Duration patience) {
        this.account = account;
        this.patience = patience;
    }

    /** Does something to a message that stays where it is meanwhile. */
    <T> T use(String id, Account.Work<T> work) throws IOException {
        account.beginUse(id, patience);
        try {
            return work.run();
        } finally {
            account.endUse(id);
        }
    }

    /** Opens a message, which stays where it is until the stream is closed. */
    InputStream read(String id, Account.Work<InputStream> open) throws IOException {
        account.beginUse(id, patience);
        boolean opened = false;
        try {
            Reading reading = new Reading(open.run(), id);
            readings.add(reading);
            opened = true;
            return reading;
        } finally {
            if (!opened) {
                account.endUse(id);
            }
        }
    }

    /** Nothing is used any more. */
    void close() {
        readings.forEach(Reading::end);
    }

    private final class Reading extends FilterInputStream {

        private final String id;

        Reading(InputStream in, String id) {
            super(in);
            this.id = id;
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                end();
            }
        }

        // whoever takes it out of the set does it
        void end() {
            if (readings.remove(this)) {
                account.endUse(id);
            }
        }
    }
}
