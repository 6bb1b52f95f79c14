package org.staffetta.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Answers http-01 (RFC 8555 section 8.3): one path, GET and HEAD; all else is not found. */
final class HttpResponder implements Responder {

    private static final int MOST_OCTETS = 8192;

    private final String path;
    private final byte[] answer;
    private final Door door;

    /**
     * Opens the port.
     *
     * @param token as the challenge has it
     * @param authorization the token and the thumbprint of our account's key
     * @throws IOException if it cannot be opened; the message is for the operator
     */
    HttpResponder(InetSocketAddress place, String token, String authorization) throws IOException {
        this.path = "/.well-known/acme-challenge/" + token;
        this.answer = authorization.getBytes(US_ASCII);
        this.door = new Door("acme.http.port", place,
                socket -> take(socket.getInputStream(), socket.getOutputStream()));
    }

    @Override
    public String report() {
        return door.report();
    }

    @Override
    public void close() {
        door.close();
    }

    /** Answers one request; whether it got what this is here for. */
    boolean take(InputStream in, OutputStream out) throws IOException {
        String[] words = head(in).split("\r?\n", 2)[0].split(" ", -1);
        boolean wellFormed = words.length == 3 && words[2].startsWith("HTTP/1.");
        boolean asked = wellFormed && path.equals(path(words[1]));
        boolean known = wellFormed && (words[0].equals("GET") || words[0].equals("HEAD"));
        if (asked && known) {
            out.write(line("200 OK", answer.length));
            out.write(words[0].equals("GET") ? answer : new byte[0]);
        } else {
            out.write(line(!wellFormed ? "400 Bad Request" : known ? "404 Not Found" : "405 Method Not Allowed", 0));
        }
        out.flush();
        return asked && known;
    }

    private static byte[] line(String status, int length) {
        return String.format(Locale.ROOT,
                "HTTP/1.1 %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
                status, length).getBytes(US_ASCII);
    }

    // a proxy may ask with the whole URL (RFC 9112 section 3.2.2)
    private static String path(String target) {
        int slash = target.startsWith("http://") ? target.indexOf('/', "http://".length()) : 0;
        return slash < 0 ? "" : target.substring(slash);
    }

    // up to the empty line, or as much as anybody may send
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        byte[] octets = new byte[1024];
        while (head.length() < MOST_OCTETS && head.indexOf("\r\n\r\n") < 0 && head.indexOf("\n\n") < 0) {
            int count = in.read(octets, 0, Math.min(octets.length, MOST_OCTETS - head.length()));
            if (count < 0) {
                break;
            }
            head.append(new String(octets, 0, count, US_ASCII));
        }
        return head.toString();
    }
}
