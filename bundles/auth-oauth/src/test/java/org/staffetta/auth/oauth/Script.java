package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.session.Session;

/** A client that says one thing first, and another to each challenge; it goes when it has nothing to say. */
final class Script implements Dialogue {

    final List<String> claimed = new ArrayList<>();
    final List<String> challenges = new ArrayList<>();
    private final String mechanism;
    private final byte[] first;
    private final List<String> answers;

    Script(String mechanism, String first, String... answers) {
        this(mechanism, first.getBytes(UTF_8), answers);
    }

    Script(String mechanism, byte[] first, String... answers) {
        this.mechanism = mechanism;
        this.first = first;
        this.answers = new ArrayList<>(List.of(answers));
    }

    @Override
    public String mechanism() {
        return mechanism;
    }

    @Override
    public Session session() {
        return (Session) Proxy.newProxyInstance(Script.class.getClassLoader(), new Class<?>[]{Session.class},
                (_, method, _) -> {
                    if (method.getName().equals("id")) {
                        return "S1";
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public byte[] first() {
        return first;
    }

    @Override
    public void claims(String name) {
        claimed.add(name);
    }

    @Override
    public byte[] ask(byte[] challenge) throws IOException {
        challenges.add(new String(challenge, UTF_8));
        if (answers.isEmpty()) {
            throw new IOException("gone");
        }
        return answers.removeFirst().getBytes(UTF_8);
    }
}
