package org.staffetta.smtp.client;

/** Is told every line of a dialogue as it happens, for people to read. Called on the connection's thread. */
public interface Transcript {

    /** Hears nothing. */
    Transcript NONE = new Transcript() {
        @Override
        public void sent(String line) {}

        @Override
        public void received(String line) {}
    };

    /** A command line without CRLF; of a message only one line that tells its size. */
    void sent(String line);

    /** A line of a reply without CRLF, octets that cannot be shown escaped. */
    void received(String line);
}
