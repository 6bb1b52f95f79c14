package org.staffetta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;

/**
 * What every directory must do. A test of a directory extends it and opens one that holds
 * <ul>
 * <li>the domain {@code demo.test} with the accounts {@code alice} (with the attribute {@code tenant} = {@code demo}), {@code bob}, {@code a+b} and
 * {@code "john doe"}, and the alias {@code info} for alice@demo.test and carol@elsewhere.example, in that order;
 * <li>the domain {@code xn--bcher-kva.example} (bücher.example) with the account {@code leser}.
 * </ul>
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class DirectoryContract {

    /** The directory under test. */
    protected abstract Directory directory() throws IOException;

    protected DirectoryEntry find(String address) throws IOException {
        return directory().find(Address.parse(address));
    }

    @ParameterizedTest
    @CsvSource({"alice@demo.test, alice@demo.test", "alice@Demo.TEST, alice@demo.test", "bob@demo.test, bob@demo.test",
            "a+b@demo.test, a+b@demo.test", "\"john doe\"@demo.test, \"john doe\"@demo.test",
            "leser@bücher.example, leser@xn--bcher-kva.example",
            "leser@xn--bcher-kva.example, leser@xn--bcher-kva.example",
            "leser@XN--BCHER-KVA.example, leser@xn--bcher-kva.example"})
    void all_addresses_of_an_account_have_its_one_id(String address, String id) throws IOException {
        assertThat(find(address)).isInstanceOfSatisfying(Account.class,
                account -> assertThat(account.id()).isEqualTo(id));
    }

    @Test
    void an_account_has_its_attributes() throws IOException {
        assertThat(find("alice@demo.test")).isEqualTo(new Account("alice@demo.test", Map.of("tenant", "demo")));
        assertThat(find("bob@demo.test")).isEqualTo(new Account("bob@demo.test", Map.of()));
    }

    @Test
    void an_alias_has_its_members_in_their_order() throws IOException {
        assertThat(find("info@demo.test")).isEqualTo(
                new Alias(List.of(Address.parse("alice@demo.test"), Address.parse("carol@elsewhere.example"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"carol@demo.test", "ali@demo.test", "alice%elsewhere.example@demo.test",
            "\"alice@demo.test\"@demo.test",
            "\"' OR '1'='1\"@demo.test", "\"a%\"@demo.test", "alic_@demo.test", "alice@xn--bcher-kva.example"})
    void an_unknown_name_of_ours_is_no_user(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new NoSuchUser());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@elsewhere.example", "alice@sub.demo.test", "alice@test", "alice@demo.test.example",
            "alice@[127.0.0.1]", "alice@bucher.example"})
    void everything_else_is_foreign(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new Foreign());
    }

    @Test
    void many_may_ask_at_once() throws Exception {
        Directory directory = directory();
        List<Future<DirectoryEntry>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                Address address = Address.parse(i % 2 == 0 ? "alice@demo.test" : "nobody" + i + "@demo.test");
                answers.add(threads.submit(() -> directory.find(address)));
            }
        }
        for (int i = 0; i < 200; i++) {
            assertThat(answers.get(i).get()).isInstanceOf(i % 2 == 0 ? Account.class : NoSuchUser.class);
        }
    }
}
