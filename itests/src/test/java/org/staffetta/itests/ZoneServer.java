package org.staffetta.itests;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.staffetta.testkit.FakeDns;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * A DNS server on loopback that knows one zone, and of all else that it does not exist. Unlike {@link FakeDns} it keeps nothing of who asks, however many
 * they are, and can be where the system's resolver asks.
 */
final class ZoneServer implements AutoCloseable {

    private static final String NEGATIVE = ". 3600 SOA ns.example. me.example. 1 3600 600 86400 3600";
    private static final int ADDRESSES_TO_TRY = 10;

    private final Map<String, List<Record>> zone = new HashMap<>();
    private final Set<Name> names = new HashSet<>();
    private final DatagramSocket socket;

    /** The port that the system's resolver asks, which needs root, on an address of loopback that is free. */
    static ZoneServer onPort53(String... records) throws IOException {
        for (int i = 1;; i++) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            byte[] address = {127, (byte) random.nextInt(1, 255), (byte) random.nextInt(1, 255),
                    (byte) random.nextInt(2, 255)};
            try {
                return new ZoneServer(new InetSocketAddress(InetAddress.getByAddress(address), 53), records);
            } catch (BindException taken) {
                if (i == ADDRESSES_TO_TRY) {
                    throw taken;
                }
            }
        }
    }

    /** On a free port. */
    static ZoneServer onFreePort(String... records) throws IOException {
        return new ZoneServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), records);
    }

    /** @param records such as {@code example.org. 60 MX 10 mx.example.org.} */
    private ZoneServer(InetSocketAddress address, String... records) throws IOException {
        for (String text : records) {
            Record record = FakeDns.record(text);
            names.add(record.getName());
            zone.computeIfAbsent(key(record), _ -> new ArrayList<>()).add(record);
        }
        socket = new DatagramSocket(address);
        Thread.ofPlatform().daemon().name("dns").start(this::serve);
    }

    String address() {
        return socket.getLocalAddress().getHostAddress();
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength()))).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closedOrNoQuestion) {
                // whoever asks nothing gets no answer
            }
        }
    }

    private Message answer(Message query) {
        Record question = query.getQuestion();
        Message answer = FakeDns.response(query, Rcode.NOERROR);
        List<Record> found = zone.getOrDefault(key(question), List.of());
        found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        if (found.isEmpty()) {
            answer.getHeader().setRcode(names.contains(question.getName()) ? Rcode.NOERROR : Rcode.NXDOMAIN);
            answer.addRecord(FakeDns.record(NEGATIVE), Section.AUTHORITY);
        }
        return answer;
    }

    private static String key(Record record) {
        return record.getName().canonicalize() + " " + record.getType();
    }
}
