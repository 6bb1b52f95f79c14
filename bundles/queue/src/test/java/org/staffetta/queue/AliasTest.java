package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Pending;

class AliasTest {
    private final Bench bench = new Bench();

    @BeforeEach
    void bothTransportsTakeAll() {
        bench.transport("smtp", Bench.answering(recipient -> Bench.OK));
        bench.transport("mda", Bench.answering(recipient -> Bench.OK));
    }

    private void alias(String name, String... members) {
        bench.routes.put(name + "@here.test", new Route.Alias(Arrays.stream(members).map(Address::parse).toList()));
    }

    private List<Recipient> delivered() {
        return bench.attempts.stream().flatMap(attempt -> attempt.envelope().recipients().stream()).toList();
    }

    @Test
    void members_take_the_place_of_the_alias_and_remember_it() {
        alias("team", "bob@here.test", "carol@there.test");
        bench.mail("alice@here.test", "team@here.test");
        bench.run();

        assertThat(bench.tried()).containsExactlyInAnyOrder("bob@here.test", "carol@there.test");
        assertThat(delivered()).allSatisfy(
                recipient -> assertThat(recipient.parameters()).isEqualTo(Map.of("ORCPT", "rfc822;team@here.test")));
        assertThat(bench.events(Kind.DELIVERED)).hasSize(2)
                .allSatisfy(event -> assertThat(event.fields()).containsEntry("orig_to", "team@here.test"));
        assertThat(bench.spool.size()).isZero();
    }

    @Test
    void a_protected_message_stays_protected_on_its_way_to_the_members() {
        alias("team", "bob@here.test", "carol@there.test");
        bench.mail(Bench.envelope("alice@here.test", Map.of("REQUIRETLS", ""), Bench.recipient("team@here.test", "")));
        bench.run();

        assertThat(bench.tried()).containsExactlyInAnyOrder("bob@here.test", "carol@there.test");
        assertThat(bench.attempts).allSatisfy(
                attempt -> assertThat(attempt.envelope().parameters()).isEqualTo(Map.of("REQUIRETLS", "")));
    }

    @Test
    void what_the_sender_asked_for_goes_on_to_the_only_member() {
        alias("boss", "bob@there.test");
        Recipient asked = new Recipient(Address.parse("boss@here.test"),
                Map.of("NOTIFY", "SUCCESS,FAILURE", "ORCPT", "rfc822;chief@example.org"));
        bench.mail(Bench.envelope("alice@here.test", Map.of(), asked));
        bench.run();

        assertThat(delivered()).containsExactly(new Recipient(Address.parse("bob@there.test"), asked.parameters()));
    }

    @Test
    void success_of_an_alias_with_several_members_is_told_once_as_expanded() {
        alias("team", "bob@here.test", "carol@here.test");
        bench.mail(Bench.envelope("alice@there.test", Map.of(), Bench.recipient("team@here.test", "SUCCESS,FAILURE"),
                Bench.recipient("dave@here.test", "NEVER")));
        bench.run();

        assertThat(delivered().subList(0, 3)).extracting(recipient -> recipient.parameters().get("NOTIFY"))
                .containsExactlyInAnyOrder("NEVER", "FAILURE", "FAILURE");
        assertThat(bench.tried()).containsOnlyOnce("alice@there.test");
        MemorySpool.MemoryMessage notice = (MemorySpool.MemoryMessage) bench.attempts.getLast().message();
        assertThat(notice.text()).contains("Final-Recipient: rfc822; team@here.test\r\nAction: expanded\r\n");
    }

    @Test
    void who_wants_to_hear_of_success_only_hears_nothing_of_the_members() {
        assertThat(Notify.withoutSuccess(Map.of("NOTIFY", "success"))).isEqualTo(Map.of("NOTIFY", "NEVER"));
    }

    @Test
    void an_international_alias_is_remembered_in_ascii() {
        bench.routes.put("grüße@here.test", new Route.Alias(List.of(Address.parse("bob+x@there.test"))));
        bench.mail("alice@here.test", "grüße@here.test");
        bench.run();

        assertThat(delivered()).singleElement().satisfies(recipient -> {
            assertThat(recipient.parameters()).isEqualTo(Map.of("ORCPT", "utf-8;gr\\x{FC}\\x{DF}e@here.test"));
            assertThat(OriginalRecipient.of(recipient)).contains(new OriginalRecipient("utf-8", "grüße@here.test"));
        });
    }

    @Test
    void special_characters_of_an_alias_are_xtext() {
        Recipient odd = new Recipient(new Address("a+b=c \\d", "here.test"));
        Map<String, String> added = OriginalRecipient.added(odd);

        assertThat(added).isEqualTo(Map.of("ORCPT", "rfc822;\"a+2Bb+3Dc+20\\\\d\"@here.test"));
        assertThat(OriginalRecipient.of(new Recipient(odd.address(), added)))
                .contains(new OriginalRecipient("rfc822", odd.address().toString()));
    }

    @Test
    void nested_aliases_and_diamonds_reach_each_member_once() {
        alias("all", "north@here.test", "south@here.test");
        alias("north", "bob@here.test", "carol@here.test");
        alias("south", "carol@here.test", "dave@here.test");
        bench.mail("", "all@here.test", "bob@here.test");
        bench.run();

        assertThat(bench.tried()).containsExactlyInAnyOrder("bob@here.test", "carol@here.test", "dave@here.test");
        assertThat(bench.attempts).hasSize(1);
    }

    @Test
    void a_member_that_has_the_message_already_does_not_get_it_again() {
        alias("team", "bob@here.test");
        bench.routes.put("here.test", new Route.Local("mda", "here.test"));
        String id = bench.mail("", "bob@here.test", "team@later.test");
        bench.routes.put("later.test", new Route.Relay("nowhere", ""));
        bench.run();
        bench.routes.put("team@later.test", new Route.Alias(List.of(Address.parse("team@here.test"))));
        bench.pass(Duration.ofMinutes(10));

        assertThat(bench.tried()).containsExactly("bob@here.test");
        assertThat(bench.spool.entry(id)).isNull();
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();
    }

    @Test
    void a_ring_ends_and_reaches_those_beside_it() {
        alias("a", "b@here.test", "bob@here.test");
        alias("b", "a@here.test", "b@here.test", "carol@here.test");
        bench.mail("", "a@here.test");
        bench.run();
        assertThat(bench.tried()).containsExactlyInAnyOrder("bob@here.test", "carol@here.test");
    }

    @Test
    void a_ring_with_nobody_beside_it_bounces() {
        alias("a", "b@here.test");
        alias("b", "a@here.test");
        bench.mail("alice@there.test", "a@here.test");
        bench.run();

        assertThat(bench.events(Kind.BOUNCED)).singleElement().satisfies(event -> assertThat(event.fields())
                .containsEntry("to", "a@here.test").containsEntry("dsn", "5.4.6"));
        assertThat(bench.tried()).containsExactly("alice@there.test");
    }

    @Test
    void an_unknown_member_fails_and_the_others_do_not() {
        alias("team", "bob@here.test", "ghost@unknown.test");
        bench.mail("alice@there.test", "team@here.test");
        bench.run();

        assertThat(bench.tried()).containsExactly("bob@here.test", "alice@there.test");
        MemorySpool.MemoryMessage notice = (MemorySpool.MemoryMessage) bench.attempts.getLast().message();
        assertThat(notice.text()).contains(
                "Original-Recipient: rfc822; team@here.test\r\nFinal-Recipient: rfc822; ghost@unknown.test\r\nAction: failed\r\nStatus: 5.1.1\r\n");
    }

    @Test
    void an_alias_that_is_too_deep_waits_for_the_administrator() {
        IntStream.range(0, 12).forEach(i -> alias("a" + i, "a" + (i + 1) + "@here.test"));
        String id = bench.mail("", "a0@here.test", "a3@here.test");
        bench.run();

        assertThat(bench.tried()).containsExactly("a12@here.test");
        assertThat(bench.spool.entry(id).pending()).singleElement().satisfies(pending -> {
            assertThat(pending.recipient().address().localPart()).isEqualTo("a0");
            assertThat(pending.lastReply()).startsWith("451 4.3.5 aliases are nested more than 10 deep");
        });
    }

    @Test
    void a_thousand_members_are_reached_and_more_are_too_many() {
        alias("many", IntStream.range(0, 999).mapToObj(i -> "m" + i + "@here.test").toArray(String[]::new));
        alias("masses", IntStream.range(0, 1_001).mapToObj(i -> "n" + i + "@here.test").toArray(String[]::new));
        String id = bench.mail("", "many@here.test", "masses@here.test");
        bench.run();

        assertThat(bench.tried()).hasSize(999).doesNotHaveDuplicates();
        assertThat(bench.attempts).hasSize(10).allMatch(attempt -> attempt.envelope().recipients().size() <= 100);
        assertThat(bench.spool.entry(id).pending()).extracting(Pending::lastReply)
                .containsExactly("451 4.3.5 the alias has more than 1000 members");
    }

    @Test
    void the_expansion_survives_a_crash_before_the_first_attempt() {
        alias("team", "bob@here.test", "carol@here.test");
        String id = bench.mail("", "team@here.test");
        bench.take();
        bench.step(); // routed and offered, not yet tried
        bench.restart();
        bench.routes.put("team@here.test", new Route.Unknown());

        assertThat(bench.spool.entry(id).pending()).extracting(p -> p.recipient().address().localPart())
                .containsExactly("bob", "carol");
        bench.run();
        assertThat(bench.tried()).containsExactly("bob@here.test", "carol@here.test");
    }

    @Test
    void a_router_that_breaks_in_the_middle_defers_the_whole_alias() {
        alias("team", "bob@here.test", "broken@here.test");
        bench.plugins.put(Router.class, address -> {
            if (address.localPart().equals("broken")) {
                throw new IOException("directory away");
            }
            return bench.routes.getOrDefault(address.toString(), new Route.Local("mda", "here.test"));
        }, "better");
        String id = bench.mail("", "team@here.test");
        bench.run();

        assertThat(bench.tried()).isEmpty();
        assertThat(bench.spool.entry(id).pending()).singleElement().extracting(Pending::lastReply)
                .isEqualTo("451 4.3.0 the route cannot be told now: directory away");
    }
}
