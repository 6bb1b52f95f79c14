package org.staffetta.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base16;

/** A DNS server on loopback, UDP and TCP on one port, that says what a test tells it to. */
final class FakeServer implements AutoCloseable {

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile Mouth mouth = query -> response(query, Rcode.SERVFAIL).toWire();
    private volatile Mouth tcpMouth = query -> mouth.say(query);

    /** What is answered: octets, or nothing if they are empty. */
    @FunctionalInterface
    interface Mouth {
        byte[] say(Message query) throws IOException;
    }

    FakeServer() {
        try {
            InetAddress loopback = InetAddress.getByName("127.0.0.1");
            tcp = new ServerSocket(0, 50, loopback);
            udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** The questions so far, with how they came: {@code udp example.org. MX}. */
    List<String> asked() {
        return asked;
    }

    void says(Mouth words) {
        mouth = words;
    }

    void saysByTcp(Mouth words) {
        tcpMouth = words;
    }

    /** Answers from a zone: the records of the name and type asked for, CNAMEs followed; else NODATA or NXDOMAIN. */
    void serves(String... records) {
        List<Record> zone = List.of(records).stream().map(FakeServer::record).toList();
        says(query -> zoneAnswer(query, zone).toWire());
    }

    /** Answers every question with these records and flags. */
    void answers(Consumer<Message> change, String... records) {
        says(query -> {
            Message response = response(query, Rcode.NOERROR);
            List.of(records).forEach(record -> response.addRecord(record(record), Section.ANSWER));
            change.accept(response);
            return response.toWire();
        });
    }

    static Message response(Message query, int rcode) {
        Message response = new Message(query.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setRcode(rcode);
        response.addRecord(query.getQuestion(), Section.QUESTION);
        return response;
    }

    /** {@code example.org. 60 MX 10 mx.example.org.} */
    static Record record(String text) {
        String[] words = text.split(" ", 4);
        try {
            return Record.fromString(Name.fromString(words[0], Name.root), Type.value(words[2]), DClass.IN,
                    Long.parseLong(words[1]), words[3], Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Message zoneAnswer(Message query, List<Record> zone) {
        Message response = response(query, Rcode.NOERROR);
        Name name = query.getQuestion().getName();
        for (int links = 0; links < 20; links++) {
            Name here = name;
            List<Record> found = zone.stream().filter(one -> one.getName().equals(here)).toList();
            List<Record> wanted = found.stream().filter(one -> one.getType() == query.getQuestion().getType()).toList();
            List<Record> alias = found.stream().filter(one -> one.getType() == Type.CNAME).toList();
            if (!wanted.isEmpty() || alias.isEmpty()) {
                wanted.forEach(one -> response.addRecord(one, Section.ANSWER));
                response.getHeader().setRcode(found.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
                break;
            }
            response.addRecord(alias.getFirst(), Section.ANSWER);
            name = ((org.xbill.DNS.CNAMERecord) alias.getFirst()).getTarget();
        }
        if (response.getSection(Section.ANSWER).stream()
                .noneMatch(one -> one.getType() == query.getQuestion().getType())) {
            response.addRecord(record("test. 120 SOA ns.test. me.test. 1 2 3 4 60"), Section.AUTHORITY);
        }
        return response;
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] octets = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
                Thread.ofVirtual().start(() -> answer(octets, packet));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void answer(byte[] octets, DatagramPacket packet) {
        try {
            byte[] answer = mouth.say(heard("udp", octets));
            if (answer.length > 0) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            asked.add("fault " + e + base16.toString(octets));
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                Socket connection = tcp.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> answer(connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] octets = in.readNBytes(in.readUnsignedShort());
                byte[] answer = tcpMouth.say(heard("tcp", octets));
                if (answer.length > 0) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (EOFException done) {
            // the client has what it wants
        } catch (IOException closed) {
            // the test is over
        }
    }

    private Message heard(String how, byte[] octets) throws IOException {
        Message query = new Message(octets);
        asked.add(how + " " + query.getQuestion().getName() + " " + Type.string(query.getQuestion().getType())
                + (query.getOPT() == null ? " without EDNS" : ""));
        return query;
    }
}
