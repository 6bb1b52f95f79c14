package org.staffetta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.xbill.DNS.Message;

/** Whatever a server says is an answer fit for logs and further questions, or none; it never takes more than a chain of CNAMEs may. */
class AnswerFuzzTest {

    private static final Settings SETTINGS = new Settings(List.of(), false, Set.of(), Duration.ofSeconds(1),
            Duration.ofSeconds(10), 0, new Settings.CacheLimits(1 << 20, Duration.ZERO, Duration.ofDays(1),
                    Duration.ofHours(1), Duration.ofSeconds(5)));
    private static final int MOST_QUESTIONS = 10;

    private interface Asking<T> {
        Answer<T> ask(Dns dns) throws DnsException;
    }

    /** The input are two responses, by turns; before it the length of the first, in two octets. */
    @FuzzTest
    void what_a_server_says_is_an_answer_or_none(byte[] octets) {
        int length = octets.length < 2 ? 0 : (octets[0] & 0xff) << 8 | octets[1] & 0xff;
        int start = Math.min(2, octets.length);
        int middle = Math.min(start + length, octets.length);
        byte[] first = Arrays.copyOfRange(octets, start, middle);
        byte[] second = Arrays.copyOfRange(octets, middle, octets.length);
        List<Dns.Mx> exchangers = ask(first, second, dns -> dns.mx("a.test"));
        exchangers.forEach(mx -> requireName(mx.host()));
        exchangers.forEach(mx -> assertThat(mx.preference()).isBetween(0, 65_535));
        ask(first, second, dns -> dns.txt("a.test"))
                .forEach(text -> assertThat(text.chars().allMatch(c -> c <= 0xff)).isTrue());
        ask(first, second, dns -> dns.ptr(InetAddress.ofLiteral("192.0.2.1"))).forEach(AnswerFuzzTest::requireName);
        ask(first, second, dns -> dns.addresses("a.test")).forEach(address -> assertThat(address).isNotNull());
    }

    private static <T> List<T> ask(byte[] first, byte[] second, Asking<T> asking) {
        AtomicInteger questions = new AtomicInteger();
        Resolver resolver = new Resolver(SETTINGS, System::nanoTime,
                (question, deadline) -> response(questions.getAndIncrement() % 2 == 0 ? first : second));
        Dns dns = new StubDns(resolver, System::nanoTime);
        try {
            Answer<T> answer = asking.ask(dns);
            assertThat(answer.exists() || answer.records().isEmpty()).isTrue();
            assertThat(answer.secure()).isFalse();
            int asked = questions.get();
            assertThat(asked).isLessThanOrEqualTo(2 * MOST_QUESTIONS);
            return answer.records();
        } catch (DnsException none) {
            assertThat(none.getMessage()).isNotEmpty();
            return List.of();
        }
    }

    private static Stub.Response response(byte[] octets) throws DnsException {
        try {
            return new Stub.Response(Stub.checked(new Message(octets)), false);
        } catch (IOException none) {
            throw new DnsException("no usable response: " + none.getMessage());
        }
    }

    private static void requireName(String name) {
        assertThat(name).matches("[\\x21-\\x7e]*").doesNotMatch(".*[A-Z].*").doesNotEndWith("..")
                .hasSizeLessThan(1024);
    }
}
