package org.staffetta.relay;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.TlsSession;

/** Tells the operator how the way of a message to each server was encrypted. Those of an idle connection that is used again are told again: of each message. */
record SecurityLog(Optional<MailEvents> events, InstantSource clock, String queueId) {

    /** What was agreed on; of a way in clear nothing is told. */
    void secured(Peer peer) {
        peer.connection().session().ifPresent(session -> publish(secured(peer.target(), session)));
    }

    /** That there was no agreement. */
    void failed(Target server, TlsException failed) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("relay", server.remote());
        fields.put("status", "failed");
        fields.put("reason", String.valueOf(failed.getMessage()));
        publish(fields);
    }

    private static Map<String, String> secured(Target server, TlsSession session) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("relay", server.remote());
        fields.put("protocol", session.protocol());
        fields.put("cipher", session.cipher());
        fields.put("group", session.group().orElse(""));
        fields.put("verified", session.verified() ? "yes" : "no");
        return fields;
    }

    private void publish(Map<String, String> fields) {
        events.ifPresent(
                all -> all.publish(new MailEvent(clock.instant(), MailEvent.Kind.SECURED, "", queueId, fields)));
    }
}
