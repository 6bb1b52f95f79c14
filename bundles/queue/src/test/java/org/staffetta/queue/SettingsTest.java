package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.mail.Address;

class SettingsTest {
    private final Map<String, Object> changed = new HashMap<>();

    // the annotation's own defaults, as the container has them
    private Settings settings() {
        QueueConfig config = (QueueConfig) Proxy.newProxyInstance(QueueConfig.class.getClassLoader(),
                new Class<?>[]{QueueConfig.class},
                (proxy, method, arguments) -> changed.getOrDefault(method.getName(), method.getDefaultValue()));
        return Settings.of(config);
    }

    @Test
    void the_defaults_are_those_of_the_manual() {
        Settings settings = settings();
        assertThat(settings.postmaster()).isEqualTo(Address.parse("postmaster@localhost"));
        assertThat(settings.activeLimit()).isEqualTo(20_000);
        assertThat(settings.attemptTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.schedule()).isEqualTo(new Schedule(Duration.ofMinutes(5), Duration.ofMinutes(70),
                Duration.ofDays(5), Duration.ofDays(2), Duration.ZERO));
        assertThat(settings.lanes()).isEqualTo(new LaneSettings(5, 20, 50, Map.of(), 5_000, 1_000,
                Duration.ofSeconds(30), Duration.ofMinutes(30)));
    }

    @Test
    void transports_may_have_their_own_concurrency() {
        changed.put("transport_concurrency", new String[]{"lmtp=10", " archive = 1 "});
        assertThat(settings().lanes().byTransport()).isEqualTo(Map.of("lmtp", 10, "archive", 1));
    }

    @ParameterizedTest
    @CsvSource({"retry_first,5,retry.first: '5' is not a time", "lifetime,0s,lifetime: must be longer than 0",
            "warn_after,4 hours,warn.after: '4 hours' is not a time",
            "lifetime,4000d,lifetime: must not be longer than 3650d",
            "drain_timeout,-1s,drain.timeout: '-1s' is not a time",
            "postmaster,nobody,postmaster (or hostname): 'nobody'",
            "hostname,a b,postmaster (or hostname): 'postmaster@a b'"})
    void a_bad_value_is_refused_by_name(String key, String value, String message) {
        changed.put(key, value);
        assertThatThrownBy(this::settings).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    @Test
    void a_bad_concurrency_is_refused() {
        changed.put("transport_concurrency", new String[]{"lmtp"});
        assertThatThrownBy(this::settings).hasMessage(
                "transport.concurrency: 'lmtp' is not <transport>=<1 to 9999>, such as lmtp=10");
    }
}
