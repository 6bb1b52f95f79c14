package org.staffetta.testkit;

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
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xbill.DNS.CNAMERecord;
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

/** A DNS server on loopback, UDP and TCP on one port, that says what a test tells it to: the truth, lies, too much, too late, or nothing. */
public final class FakeDns implements AutoCloseable {

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile Talk talk = talk(query -> response(query, Rcode.SERVFAIL).toWire());
    private volatile Talk tcpTalk = (query, line) -> talk.answer(query, line);

    /** What is answered: octets, or nothing if they are empty. */
    @FunctionalInterface
    public interface Mouth {

        /** The answer to a query. */
        byte[] say(Message query) throws IOException;
    }

    /** A server that says what it likes, as often and as slowly as it likes, on a thread of its own for each query. */
    @FunctionalInterface
    public interface Talk {

        /** Answers, or does not. */
        void answer(Message query, Line line) throws IOException, InterruptedException;
    }

    /** The way back to who asked. */
    public interface Line {

        /** Whether the query came by TCP. */
        boolean isTcp();

        /** Sends one message. */
        void send(byte[] message) throws IOException;

        /** Sends octets as they are: by TCP without the length in front. */
        void sendRaw(byte[] octets) throws IOException;
    }

    /** Starts a server that fails at every question, until it is told what to say. */
    public FakeDns() {
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

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** The questions so far, with how they came: {@code udp example.org. MX}. */
    public List<String> asked() {
        return asked;
    }

    /** Answers so from now on. */
    public void says(Mouth words) {
        talks(talk(words));
    }

    /** Answers so by TCP from now on. */
    public void saysByTcp(Mouth words) {
        tcpTalk = talk(words);
    }

    /** Behaves so from now on. */
    public void talks(Talk words) {
        talk = words;
    }

    private static Talk talk(Mouth mouth) {
        return (query, line) -> {
            byte[] answer = mouth.say(query);
            if (answer.length > 0) {
                line.send(answer);
            }
        };
    }

    /** Answers from a zone: the records of the name and type asked for, CNAMEs followed; else NODATA or NXDOMAIN. */
    public void serves(String... records) {
        List<Record> zone = List.of(records).stream().map(FakeDns::record).toList();
        says(query -> zoneAnswer(query, zone).toWire());
    }

    /** Answers every question with these records and flags. */
    public void answers(Consumer<Message> change, String... records) {
        says(query -> {
            Message response = response(query, Rcode.NOERROR);
            List.of(records).forEach(record -> response.addRecord(record(record), Section.ANSWER));
            change.accept(response);
            return response.toWire();
        });
    }

    /** A response without records. */
    public static Message response(Message query, int rcode) {
        Message response = new Message(query.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setRcode(rcode);
        response.addRecord(query.getQuestion(), Section.QUESTION);
        return response;
    }

    /** {@code example.org. 60 MX 10 mx.example.org.} */
    public static Record record(String text) {
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

    /** What {@link #serves} answers from these records. */
    public static Message zoneAnswer(Message query, List<Record> zone) {
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
            name = ((CNAMERecord) alias.getFirst()).getTarget();
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
                byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
                Thread.ofVirtual().start(() -> answer(octets, packet));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void answer(byte[] octets, DatagramPacket packet) {
        try {
            talk.answer(heard("udp", octets), new Datagrams(packet.getSocketAddress()));
        } catch (IOException e) {
            if (!udp.isClosed()) {
                asked.add("fault " + e + base16.toString(octets));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Datagrams implements Line {

        private final SocketAddress client;

        Datagrams(SocketAddress client) {
            this.client = client;
        }

        @Override
        public boolean isTcp() {
            return false;
        }

        @Override
        public void send(byte[] message) throws IOException {
            udp.send(new DatagramPacket(message, message.length, client));
        }

        @Override
        public void sendRaw(byte[] octets) throws IOException {
            send(octets);
        }
    }

    private record Stream(DataOutputStream out) implements Line {

        @Override
        public boolean isTcp() {
            return true;
        }

        @Override
        public void send(byte[] message) throws IOException {
            out.writeShort(message.length);
            out.write(message);
            out.flush();
        }

        @Override
        public void sendRaw(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
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
                tcpTalk.answer(heard("tcp", octets), new Stream(out));
            }
        } catch (EOFException done) {
            // the client has what it wants
        } catch (IOException closed) {
            // the test is over
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Message heard(String how, byte[] octets) throws IOException {
        Message query = new Message(octets);
        asked.add(how + " " + query.getQuestion().getName() + " " + Type.string(query.getQuestion().getType())
                + (query.getOPT() == null ? " without EDNS" : ""));
        return query;
    }
}
