package org.staffetta.api.mailbox;

import org.osgi.annotation.versioning.ProviderType;

/** A mailbox for as long as it is open. Its messages are not to be used after that. */
@ProviderType
public interface OpenMailbox extends Mailbox, AutoCloseable {

    /** The name of the store that took new mail of this account when it was opened. */
    String store();

    /**
     * Asks to be told when a store that is in use here wants to go, as
     * {@link org.staffetta.api.plugin.Lease#onRecall}: whoever keeps a mailbox open for longer than one command should close it then.
     */
    void onRecall(Runnable recall);

    /** Gives the stores back; the second time nothing happens. */
    @Override
    void close();
}
