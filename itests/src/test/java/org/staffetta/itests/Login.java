package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Base64;

/** Logging in by PLAIN. */
final class Login {

    private Login() {}

    /** A client from this address that has encrypted the connection. */
    static Client encrypted(int port, String from) throws IOException {
        Client client = new Client(port, from);
        client.say("EHLO me.test");
        client.encrypt("localhost");
        client.say("EHLO me.test");
        return client;
    }

    /** The reply to a name and password. */
    static String plain(Client client, String name, String password) throws IOException {
        byte[] message = ("\0" + name + "\0" + password).getBytes(UTF_8);
        return client.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(message));
    }
}
