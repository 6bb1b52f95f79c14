package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;

/** What a message may cost in questions to DNS. */
class DnsBudgetTest {

    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    /** Answers everything, after a while. */
    private static final class SlowDns implements Dns {

        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final Duration delay;

        SlowDns(Duration delay) {
            this.delay = delay;
        }

        private <T> Answer<T> answer(String question) {
            asked.add(question);
            try {
                Thread.sleep(delay);
            } catch (InterruptedException givenUp) {
                Thread.currentThread().interrupt();
            }
            return new Answer<>(List.of(), true, false);
        }

        @Override
        public Answer<Mx> mx(String domain) {
            return answer("mx " + domain);
        }

        @Override
        public Answer<InetAddress> addresses(String host) {
            return answer("addresses " + host);
        }

        @Override
        public Answer<String> txt(String name) {
            return answer("txt " + name);
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            return answer("ptr " + address.getHostAddress());
        }
    }

    @Test
    void everyQuestionCountsAndThatForAddressesTwice() throws DnsException {
        SlowDns dns = new SlowDns(Duration.ZERO);
        Dns budget = new DnsBudget(() -> Optional.of(dns), 5, Duration.ofHours(1));

        budget.txt("a.example");
        budget.mx("b.example");
        budget.addresses("c.example");
        assertThatThrownBy(() -> budget.addresses("d.example")).isInstanceOf(DnsException.class)
                .hasMessage("the message needs more than 5 questions to DNS");
        budget.ptr(CLIENT);
        assertThatThrownBy(() -> budget.txt("e.example")).isInstanceOf(DnsException.class);

        assertThat(dns.asked).containsExactly("txt a.example", "mx b.example", "addresses c.example", "ptr 192.0.2.1");
    }

    @Test
    void answersMayNotTakeLongerInAll() throws DnsException {
        Dns budget = new DnsBudget(() -> Optional.of(new SlowDns(Duration.ofMillis(200))), 50, Duration.ofMillis(300));

        budget.txt("a.example");

        for (String name : List.of("b.example", "c.example")) {
            assertThatThrownBy(() -> budget.txt(name)).isInstanceOf(DnsException.class)
                    .hasMessage("the questions to DNS about the message have taken 300 ms");
        }
    }

    @Test
    void anAnswerThatIsBeingWaitedForWhenTheTimeIsOverIsGivenUp() {
        Dns budget = new DnsBudget(() -> Optional.of(new SlowDns(Duration.ofSeconds(20))), 50, Duration.ofMillis(100));
        long began = System.nanoTime();

        assertThatThrownBy(() -> budget.txt("a.example")).isInstanceOf(DnsException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whoIsInterruptedDoesNotWaitAndIsStillInterrupted() {
        Dns budget = new DnsBudget(() -> Optional.of(new SlowDns(Duration.ofSeconds(20))), 50, Duration.ofHours(1));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> budget.txt("a.example")).isInstanceOf(DnsException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void withoutAServiceThereIsNoAnswerNow() {
        Dns budget = new DnsBudget(Optional::empty, 50, Duration.ofSeconds(1));

        assertThatThrownBy(() -> budget.txt("a.example")).isInstanceOf(DnsException.class)
                .hasMessage("there is no DNS service at the moment");
    }

    /** Asks a number of questions when a transaction begins. */
    private static Filter asking(int questions, List<String> failures) {
        return new Filter() {
            @Override
            public Transaction begin(FilterContext context) {
                for (int i = 0; i < questions; i++) {
                    try {
                        context.dns().txt("a.example");
                    } catch (DnsException none) {
                        failures.add(none.getMessage());
                    }
                }
                return new Transaction() {
                };
            }
        };
    }

    @Test
    void allFiltersOfATransactionShareOneAndEachTransactionHasItsOwn() throws Exception {
        SlowDns dns = new SlowDns(Duration.ZERO);
        List<String> failures = new ArrayList<>();
        try (TestServer server = new TestServer("filters=one,two", "dns.questions=3").with("one", asking(2, failures))
                .with("two", asking(2, failures))) {
            server.parts.bindDns(dns);
            SmtpClient client = server.hello();
            client.command("MAIL FROM:<a@example.org>", 250);
            assertThat(dns.asked).hasSize(3);
            assertThat(failures).hasSize(1);

            client.command("RSET", 250);
            client.command("MAIL FROM:<a@example.org>", 250);
            assertThat(dns.asked).hasSize(6);
            assertThat(failures).hasSize(2);
        }
    }
}
