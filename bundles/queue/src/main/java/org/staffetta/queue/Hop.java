package org.staffetta.queue;

/**
 * Where a recipient goes next. Those that go the same way share a lane.
 *
 * @param transport the transport's name
 * @param nextHop in the transport's terms
 * @param local whether the recipient's domain is ours
 */
record Hop(String transport, String nextHop, boolean local) {

    /** For recipients whose fate is known without asking any next hop. */
    static final Hop NONE = new Hop("", "", false);

    String lane() {
        return transport + ":" + nextHop;
    }
}
