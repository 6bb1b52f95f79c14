package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.shell.MemoryQueue.pending;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueCommandTest {

    private final MemoryQueue queue = new MemoryQueue()
            .add("A1", "alice@demo.test", "", pending("bob@example.org", 0, ""))
            .add("B22", "", "", pending("carol@example.org", 3, "451 4.3.0 later\nsecond \u202eline"),
                    pending("dave@example.net", 3, ""))
            .add("C3", "eve@demo.test", "suspicious", pending("bob@example.org", 0, ""));

    private String run(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new QueueCommand(() -> queue).run(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void people_get_a_table_that_cannot_steer_their_terminal() throws Exception {
        assertThat(run()).isEqualTo(
                """
                        ID   SIZE  ARRIVAL               STATE     SENDER           RECIPIENT               LAST REPLY
                        A1   1234  2026-11-23T16:20:05Z  incoming  alice@demo.test  bob@example.org
                        B22  1234  2026-11-23T16:20:05Z  deferred  <>               carol@example.org (+1)  451 4.3.0 later?second ?line
                        C3   1234  2026-11-23T16:20:05Z  hold      eve@demo.test    bob@example.org         suspicious
                        3 of 3 messages
                        """);
    }

    @Test
    void machines_get_one_object_a_line_with_the_keys_of_postqueue() throws Exception {
        assertThat(run("list", "--json", "--sender", "<>")).isEqualTo(
                """
                        {"queue_name":"deferred","queue_id":"B22","arrival_time":1795450805,"message_size":1234,"forced_expire":false,"sender":"",\
                        "recipients":[{"address":"carol@example.org","delay_reason":"451 4.3.0 later\\u000asecond \\u202eline","attempts":3,"next_attempt":1795451105},\
                        {"address":"dave@example.net","delay_reason":"","attempts":3,"next_attempt":1795451105}],"hold_reason":""}
                        """);
    }

    @Test
    void the_list_can_be_narrowed() throws Exception {
        assertThat(run("--ids", "--sender", "DEMO.test")).isEqualTo("A1\nC3\n");
        assertThat(run("--ids", "--recipient=dave")).isEqualTo("B22\n");
        assertThat(run("--ids", "--limit", "2")).isEqualTo("A1\nB22\n");
        assertThat(run("--limit", "1")).endsWith("1 of 3 messages\n");
    }

    @Test
    void an_empty_queue_says_so_to_people_and_nothing_to_machines() throws Exception {
        queue.entries.clear();
        assertThat(run()).isEqualTo("The queue is empty.\n");
        assertThat(run("--json")).isEmpty();
    }

    @Test
    void one_message_is_shown_with_all_that_is_known() throws Exception {
        assertThat(run("show", "B22")).isEqualTo("""
                id         B22
                arrival    2026-11-23T16:20:05Z
                size       1234 octets
                state      deferred
                sender     <>
                client     192.0.2.1
                recipient  carol@example.org, tried 3 times, next at 2026-11-23T16:25:05Z
                           451 4.3.0 later?second ?line
                recipient  dave@example.net, tried 3 times, next at 2026-11-23T16:25:05Z

                Subject: hello?[2J
                """);
        assertThat(run("show", "A1", "--json"))
                .contains("\"envelope_recipients\":[\"bob@example.org\"],\"attributes\":{\"client\":\"192.0.2.1\"},"
                        + "\"headers\":[{\"name\":\"Subject\",\"value\":\"hello\\u001b[2J\"}]}");
        assertThatThrownBy(() -> run("show", "nope")).isInstanceOf(IllegalStateException.class)
                .hasMessage("nope: there is no such message");
    }

    @Test
    void actions_name_what_they_did() throws Exception {
        assertThat(run("retry", "A1", "B22")).isEqualTo("A1 is due now\nB22 is due now\n");
        assertThat(run("hold", "A1", "--reason", "to look at")).isEqualTo("A1 is held\n");
        assertThat(run("release", "--all")).isEqualTo("C3 is released\n1 of 1 messages\n");
        assertThat(run("delete", "B22")).isEqualTo("B22 is deleted\n");
        assertThat(queue.done).containsEntry("A1", "hold to look at").containsEntry("C3", "release")
                .containsEntry("B22", "delete");
    }

    @Test
    void a_message_that_is_not_there_is_a_problem_but_does_not_stop_the_others() {
        assertThatThrownBy(() -> run("delete", "nope", "A1")).isInstanceOf(IllegalStateException.class)
                .hasMessage("1 of 2 messages were left alone");
        assertThat(queue.done).containsOnlyKeys("A1");
    }

    @Test
    void nobody_deletes_all_by_accident() {
        assertThatThrownBy(() -> run("delete", "--all")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deleting all messages cannot be undone; say --yes as well");
        assertThatThrownBy(() -> run("delete", "A1", "--all", "--yes")).isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.done).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "--nonsense", "show", "retry", "list x", "--limit 0", "--limit", "--limit -1",
            "show A1 B22", "lanes x"})
    void wrong_usage_is_told_apart(String line) {
        assertThatThrownBy(() -> run(line.split(" "))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usage: ");
        assertThat(queue.done).isEmpty();
    }

    @Test
    void lanes_show_who_waits_for_whom() throws Exception {
        assertThat(run("lanes")).isEqualTo("""
                LANE              ACTIVE  WAITING  LIMIT  TROUBLE
                smtp:example.org       2       30      5  421 4.7.0 slow down
                mda:                   0        1     10
                """);
        assertThat(run("lanes", "--json")).startsWith(
                "{\"lane\":\"smtp:example.org\",\"active\":2,\"waiting\":30,\"limit\":5,\"trouble\":\"421 4.7.0 slow down\"}\n");
    }
}
