package org.staffetta.queue;

/** Something that waits for its turn in a lane. Exactly one of the three methods is called, once. */
interface Job {

    Hop hop();

    /** It is its turn: tries, on a thread of its own. Does not throw. */
    Health run();

    /** The lane gave up for a while: there is no attempt. Called on a thread of its own. */
    void suspended(Health.Trouble trouble, long pauseNanos);

    /** The job was taken out of the lane unchanged. */
    void withdrawn();
}
