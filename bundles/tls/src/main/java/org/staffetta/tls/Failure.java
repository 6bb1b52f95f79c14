package org.staffetta.tls;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why a handshake came to nothing, roughly: what is counted. An alert tells (RFC 8446 section 6), whoever sent it; providers put its name into their messages. */
enum Failure {
    /** It took too long. */
    TIMEOUT,
    /** Too many others were at it. */
    BUSY,
    /** The other side went away. */
    CLOSED("close_notify", "user_canceled"),
    /** It does not speak TLS. */
    NOT_TLS,
    /** No version in common. */
    VERSION("protocol_version", "inappropriate_fallback"),
    /** No cipher suite, group or signature in common. */
    PARAMETERS("handshake_failure", "insufficient_security", "missing_extension", "unsupported_extension",
            "illegal_parameter", "unrecognized_name", "no_application_protocol"),
    /** A certificate was not believed. */
    CERTIFICATE("bad_certificate", "unsupported_certificate", "certificate_revoked", "certificate_expired",
            "certificate_unknown", "unknown_ca", "access_denied", "bad_certificate_status_response",
            "certificate_required"),
    /** Somebody did not keep to the protocol, or changed what was said. */
    BROKEN("unexpected_message", "bad_record_mac", "record_overflow", "decode_error", "decrypt_error",
            "internal_error"),
    /** Anything else. */
    OTHER;

    private static final Pattern ALERT = Pattern.compile("[a-z]+(?:_[a-z]+)+");

    private final List<String> alerts;

    Failure(String... alerts) {
        this.alerts = List.of(alerts);
    }

    /** For people and programs. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What an exception stands for: by its kind or that of a cause, else by the alert that it names. */
    static Failure of(Throwable failed) {
        List<Throwable> causes = Stream.iterate(failed, Objects::nonNull, Throwable::getCause).toList();
        return causes.stream().flatMap(one -> ofKind(one).stream()).findFirst()
                .or(() -> causes.stream().flatMap(one -> ofText(one).stream()).findFirst()).orElse(OTHER);
    }

    private static Optional<Failure> ofKind(Throwable failed) {
        return switch (failed) {
            case SocketTimeoutException _ -> Optional.of(TIMEOUT);
            case EOFException _ -> Optional.of(CLOSED);
            case SocketException _ -> Optional.of(CLOSED);
            case CertificateException _ -> Optional.of(CERTIFICATE);
            default -> Optional.empty();
        };
    }

    private static Optional<Failure> ofText(Throwable failed) {
        String message = Objects.requireNonNullElse(failed.getMessage(), "");
        if (message.contains("unrecognized SSL message")) {
            return Optional.of(NOT_TLS);
        }
        // JSSE calls it an unexpected message
        return message.contains("named group") ? Optional.of(PARAMETERS) : ofAlert(message);
    }

    private static Optional<Failure> ofAlert(String message) {
        Matcher words = ALERT.matcher(message);
        Optional<Failure> told = Optional.empty();
        while (told.isEmpty() && words.find()) {
            String alert = words.group();
            told = Arrays.stream(values()).filter(failure -> failure.alerts.contains(alert)).findFirst();
        }
        return told;
    }
}
