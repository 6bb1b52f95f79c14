package org.staffetta.api.spool;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How entries leave a spool for another one, and come from it. The package tells in which order this is to be used. All methods may be called by many
 * threads at once; all that changes something is durable on return and may be repeated if it failed.
 */
@ProviderType
public interface Exchange {

    /**
     * The copy of an entry that is still another spool's: it is kept, but nobody is offered or shown it.
     *
     * @param key names the copy; up to 64 letters and digits, never used twice
     * @param origin what {@link Exchange#receive} was told of where it comes from
     */
    record Incoming(String key, String origin) {}

    /**
     * The note that an entry was handed over.
     *
     * @param id of what was an entry
     * @param copy what {@link Claim#handOver} was told of where it went
     */
    record Outgoing(String id, String copy) {}

    /**
     * Names the storage itself, whoever opens it and under whatever name: up to 64 letters and digits, drawn at random when it was made.
     *
     * @throws IOException if that is not known now
     */
    String identity() throws IOException;

    /**
     * Takes in a copy of another spool's entry, with all that is known of it: arrival, attributes, what is pending, why it is held. On return it is on
     * stable storage, yet not an entry before {@link #activate}. The body is streamed.
     *
     * @param entry its id stays as it is, unless there is another entry or copy of that id here: then the copy gets a new one
     * @param origin up to 200 printable ASCII characters
     * @return the key of the copy
     * @throws SpoolException if that is not certain: a copy may be there or not
     */
    String receive(Entry entry, String origin) throws SpoolException;

    /** A copy as it stands on the storage, read anew, with the id that it has here; empty once it is activated or discarded. */
    Optional<Entry> copy(String key) throws IOException;

    /** Makes a copy an entry like others; on return that has happened for sure, now or before. */
    void activate(String key) throws IOException;

    /** Removes a copy; one that was activated is not touched. */
    void discard(String key) throws IOException;

    /**
     * All copies that were neither activated nor discarded. The caller closes the stream.
     *
     * @throws IOException if that is not known now
     */
    Stream<Incoming> incoming() throws IOException;

    /**
     * All notes of entries that were handed over and are not forgotten, for sure: no crash undoes them. The caller closes the stream.
     *
     * @throws IOException if that is not known now
     */
    Stream<Outgoing> outgoing() throws IOException;

    /** Removes the note that an entry was handed over, and what is left of the entry; does nothing if there is none. */
    void forget(String id) throws IOException;

    /**
     * Whether there is neither an entry of that id nor a note that it was handed over, for sure: no crash brings one back. A copy does not count.
     *
     * @throws IOException if that is not known now
     */
    boolean isGone(String id) throws IOException;
}
