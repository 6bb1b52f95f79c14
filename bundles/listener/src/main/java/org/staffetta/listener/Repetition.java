package org.staffetta.listener;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.session.Session;

/** A dialogue that can be led once more: what the client has said is said again to the next authenticator, and only what that asks beyond is asked. */
final class Repetition implements Dialogue {

    /** Those in which the client says the same whatever it is asked. */
    static final Set<String> MECHANISMS = Set.of("PLAIN", "LOGIN");

    private final Dialogue client;
    private final List<byte[]> said = new ArrayList<>();
    private int next;

    Repetition(Dialogue client) {
        this.client = client;
    }

    /** The next authenticator begins. */
    void again() {
        next = 0;
    }

    /** Wipes what the client has said. */
    void forget() {
        said.forEach(octets -> Arrays.fill(octets, (byte) 0));
        said.clear();
        next = 0;
    }

    @Override
    public String mechanism() {
        return client.mechanism();
    }

    @Override
    public Session session() {
        return client.session();
    }

    @Override
    public byte[] first() throws IOException {
        return answer(client::first);
    }

    @Override
    public byte[] first(byte[] challenge) throws IOException {
        return answer(() -> client.first(challenge));
    }

    @Override
    public void claims(String name) throws IOException {
        client.claims(name);
    }

    @Override
    public byte[] ask(byte[] challenge) throws IOException {
        return answer(() -> client.ask(challenge));
    }

    private interface Question {
        byte[] ask() throws IOException;
    }

    // copies: whoever gets one wipes it
    private byte[] answer(Question question) throws IOException {
        if (next == said.size()) {
            said.add(question.ask());
        }
        return said.get(next++).clone();
    }
}
