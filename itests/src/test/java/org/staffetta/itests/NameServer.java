package org.staffetta.itests;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A DNS server for which every host is on this machine, and that knows nothing else. */
final class NameServer implements AutoCloseable {

    private static final int HEADER = 12;
    private static final short ANSWER = (short) 0x8180;
    private static final short NAME_OF_THE_QUESTION = (short) 0xc00c;
    private static final short A = 1;
    private static final short IN = 1;
    private static final int TTL = 60;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

    NameServer() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    /** As {@code dns.servers} names it. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket query = new DatagramPacket(new byte[512], 512);
                socket.receive(query);
                byte[] answer = answer(Arrays.copyOf(query.getData(), query.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            }
        } catch (IOException closed) {
            // nobody asks any more
        }
    }

    // RFC 1035 section 4
    private static byte[] answer(byte[] query) {
        int end = HEADER;
        while (query[end] != 0) {
            end += 1 + query[end];
        }
        end += 5;
        ByteBuffer asked = ByteBuffer.wrap(query);
        boolean known = asked.getShort(end - 4) == A;
        ByteBuffer answer = ByteBuffer.allocate(512).putShort(asked.getShort(0)).putShort(ANSWER).putShort((short) 1)
                .putShort((short) (known ? 1 : 0)).putInt(0).put(query, HEADER, end - HEADER);
        if (known) {
            answer.putShort(NAME_OF_THE_QUESTION).putShort(A).putShort(IN).putInt(TTL).putShort((short) 4)
                    .put(new byte[]{127, 0, 0, 1});
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }
}
