package org.staffetta.acme;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates and what is remembered of them, on disk. Whoever writes is one thread; an interrupt does not keep it from writing to the end, so that
 * nothing is lost that an authority has given.
 */
final class Shelf {

    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final int DNS_NAME = 2;

    private final PrivateFiles certificates;
    private final PrivateFiles own;
    private final Map<String, Note> notes = new ConcurrentHashMap<>();

    /**
     * @param certificates the folder that certificates are served from
     * @param own for all else
     */
    Shelf(Path certificates, Path own) {
        this.certificates = new PrivateFiles(certificates);
        this.own = new PrivateFiles(own);
    }

    /** Where the certificate of an order is. */
    Path path(Order order) {
        return certificates.path(order.name() + ".pem");
    }

    /** The certificate of an order; empty if there is none, or one that cannot be read. */
    Optional<Pem> certificate(Order order) {
        try {
            Optional<String> text = certificates.read(order.name() + ".pem");
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Pem.of(text.get())).filter(one -> !one.chain().isEmpty());
        } catch (IOException unreadable) {
            LOG.warn("acme: {}: {}", path(order), unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps a new certificate, for all to see. */
    void put(Order order, Pem certificate) throws IOException {
        uninterrupted(() -> certificates.write(order.name() + ".pem", certificate.text()));
        uninterrupted(() -> own.delete(order.name() + ".key"));
    }

    /** A key that a certificate was asked for, and has not come. */
    Optional<KeyPair> pending(Order order) {
        try {
            Optional<String> text = own.read(order.name() + ".key");
            return text.isEmpty() ? Optional.empty() : Optional.of(Pem.of(text.get()).keys());
        } catch (IOException unreadable) {
            LOG.warn("acme: {}: {}", own.path(order.name() + ".key"), unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps a key before a certificate is asked for: so a full disk is known before, and a crash does not cost the key. */
    void putPending(Order order, KeyPair keys) throws IOException {
        uninterrupted(() -> own.write(order.name() + ".key", Pem.of(keys).text()));
    }

    /** What is remembered. */
    Note note(Order order) {
        return notes.computeIfAbsent(order.name(), this::read);
    }

    /** Remembers; in memory only if the disk fails, which is told. */
    void put(Order order, Note note) {
        notes.put(order.name(), note);
        try {
            uninterrupted(() -> own.write(order.name() + ".properties", note.text()));
        } catch (IOException full) {
            LOG.warn("acme: {} cannot be written: {}", own.path(order.name() + ".properties"), full.toString());
        }
    }

    /** Files of accounts. */
    PrivateFiles own() {
        return own;
    }

    private Note read(String name) {
        try {
            Optional<String> text = own.read(name + ".properties");
            return text.isEmpty() ? Note.BLANK : Note.of(text.get());
        } catch (IOException unreadable) {
            LOG.warn("acme: {}: {}", own.path(name + ".properties"), unreadable.getMessage());
            return Note.BLANK;
        }
    }

    /** The host names that a certificate is for, in lower case. */
    static Set<String> names(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> one : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (one.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(one.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException odd) {
            // then it is for none
        }
        return names;
    }

    private interface Writing {
        void run() throws IOException;
    }

    // an interrupt would close the file in the middle: so it is another thread that writes
    private static void uninterrupted(Writing writing) throws IOException {
        IOException[] failure = new IOException[1];
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                writing.run();
            } catch (IOException failed) {
                failure[0] = failed;
            }
        });
        boolean interrupted = false;
        while (true) {
            try {
                writer.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] != null) {
            throw failure[0];
        }
    }
}
