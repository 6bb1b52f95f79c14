package org.staffetta.tls;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.staffetta.api.tls.HandshakeCount;
import org.staffetta.api.tls.HandshakeCount.Direction;
import org.staffetta.api.tls.TlsSession;

/** Counts what handshakes come to. There are as many counters as there are combinations that the settings allow. For all threads. */
final class Handshakes {

    private record End(Direction direction, String protocol, String cipher, String group, String failure) {}

    private final Map<End, LongAdder> counts = new ConcurrentHashMap<>();

    void agreed(Direction direction, TlsSession session) {
        note(new End(direction, session.protocol(), session.cipher(), session.group().orElse(""), ""));
    }

    void failed(Direction direction, Failure failure) {
        note(new End(direction, "", "", "", failure.word()));
    }

    /** Agreements first, the most frequent first. */
    List<HandshakeCount> read() {
        return counts.entrySet().stream().map(entry -> count(entry.getKey(), entry.getValue().sum()))
                .sorted(Comparator.comparing(HandshakeCount::direction)
                        .thenComparing(one -> !one.failure().isEmpty())
                        .thenComparing(Comparator.comparing(HandshakeCount::count).reversed()))
                .toList();
    }

    private void note(End end) {
        counts.computeIfAbsent(end, _ -> new LongAdder()).increment();
    }

    private static HandshakeCount count(End end, long count) {
        return new HandshakeCount(end.direction(), end.protocol(), end.cipher(), end.group(), end.failure(), count);
    }
}
