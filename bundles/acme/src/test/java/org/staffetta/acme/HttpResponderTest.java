package org.staffetta.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.testkit.PebbleServer;

class HttpResponderTest {

    private InetSocketAddress place;
    private HttpResponder responder;

    @BeforeEach
    void open() throws IOException {
        place = new InetSocketAddress(InetAddress.getLoopbackAddress(), PebbleServer.freePort());
        responder = new HttpResponder(place, "token_1", "token_1.thumbprint");
    }

    @AfterEach
    void close() {
        responder.close();
    }

    private String say(String request) throws IOException {
        try (Socket client = new Socket(place.getAddress(), place.getPort())) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write(request.getBytes(US_ASCII));
            client.getOutputStream().flush();
            return new String(client.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @ParameterizedTest
    @CsvSource({"/.well-known/acme-challenge/token_1", "http://mx.test/.well-known/acme-challenge/token_1"})
    void its_token_is_answered(String target) throws IOException {
        assertThat(say("GET " + target + " HTTP/1.1\r\nHost: mx.test\r\n\r\n")).startsWith("HTTP/1.1 200 ")
                .contains("Content-Length: 18\r\n").endsWith("\r\n\r\ntoken_1.thumbprint");
        assertThat(responder.report()).contains("somebody came").contains("got the answer");
    }

    @Test
    void only_the_head_if_that_is_what_is_asked_for() throws IOException {
        assertThat(say("HEAD /.well-known/acme-challenge/token_1 HTTP/1.1\r\n\r\n")).contains("Content-Length: 18\r\n")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.1,404", "GET /.well-known/acme-challenge/token_2 HTTP/1.1,404",
            "GET /.well-known/acme-challenge/token_1/ HTTP/1.1,404", "GET /.well-known/acme-challenge/ HTTP/1.1,404",
            "GET /x/../.well-known/acme-challenge/token_1 HTTP/1.1,404", "GET http://mx.test HTTP/1.1,404",
            "POST /.well-known/acme-challenge/token_1 HTTP/1.1,405", "GET /.well-known/acme-challenge/token_1,400",
            "EHLO me.test,400", "'',400"})
    void nothing_else_is(String line, String status) throws IOException {
        assertThat(say(line + "\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ").doesNotContain("thumbprint");
        assertThat(responder.report()).contains("not for this");
    }

    @Test
    void a_request_without_end_is_not_read_to_the_end() throws IOException {
        try (Socket client = new Socket(place.getAddress(), place.getPort())) {
            client.setSoTimeout(20_000);
            byte[] much = new byte[8192];
            client.getOutputStream().write(much);
            client.getOutputStream().flush();
            assertThat(new String(client.getInputStream().readNBytes(12), US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void one_that_says_nothing_holds_up_nobody() throws IOException {
        try (Socket _ = new Socket(place.getAddress(), place.getPort())) {
            assertThat(say("GET /.well-known/acme-challenge/token_1 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void when_it_is_closed_nobody_listens_and_those_who_are_there_are_cut_off() throws IOException {
        try (Socket waiting = new Socket(place.getAddress(), place.getPort())) {
            waiting.setSoTimeout(20_000);
            await().until(() -> responder.report().contains("somebody"));
            responder.close();
            assertThat(waiting.getInputStream().read()).isNegative();
        }
        assertThatThrownBy(() -> new Socket(place.getAddress(), place.getPort())).isInstanceOf(IOException.class);
    }

    @Test
    void a_port_that_is_taken_is_told_in_one_line() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort());
            assertThatThrownBy(() -> new HttpResponder(taken, "token", "answer")).isInstanceOf(IOException.class)
                    .hasMessageContaining("acme.http.port: 127.0.0.1:" + taken.getPort() + " cannot be listened on")
                    .hasMessageContaining("in use");
        }
    }
}
