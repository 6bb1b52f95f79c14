package org.staffetta.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {

    private static final Path DATA = Path.of("/var/lib/staffetta");

    @ParameterizedTest
    @CsvSource({
            "jdbc:h2:mail, jdbc:h2:async:/var/lib/staffetta/mail;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000",
            "jdbc:h2:./db/mail, jdbc:h2:async:/var/lib/staffetta/db/mail;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000",
            "jdbc:h2:file:/srv/mail, jdbc:h2:async:/srv/mail;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000",
            "jdbc:h2:~/mail, jdbc:h2:async:~/mail;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000",
            "jdbc:h2:mail;lock_timeout=5;CACHE_SIZE=100, jdbc:h2:async:/var/lib/staffetta/mail;DB_CLOSE_ON_EXIT=FALSE;lock_timeout=5;CACHE_SIZE=100",
            "jdbc:h2:tcp://localhost/mail, jdbc:h2:tcp://localhost/mail", "jdbc:h2:mem:x;A=B, jdbc:h2:mem:x;A=B",
            "jdbc:postgresql://db/mail, jdbc:postgresql://db/mail"})
    void files_are_in_the_data_folder_and_opened_so_that_an_interrupt_does_not_close_them(String text, String url) {
        assertThat(JdbcUrl.parse(text, DATA).text()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jdbc:mysql://secret@db/mail", "postgresql://db/mail", "jdbc:h2:", "jdbc:h2:;A=secret"})
    void what_is_no_database_of_ours_is_refused_in_one_line(String text) {
        assertThatThrownBy(() -> JdbcUrl.parse(text, DATA)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("; allowed: jdbc:postgresql://<host>/<database>, jdbc:h2:<file>").message()
                .doesNotContain("secret");
    }

    @Test
    void what_the_url_says_goes_before_what_goes_without_saying() {
        assertThat(JdbcUrl.parse("jdbc:postgresql://db/mail", DATA).defaults()).containsEntry("socketTimeout", "120")
                .containsEntry("tcpKeepAlive", "true");
        assertThat(JdbcUrl.parse("jdbc:postgresql://db/mail?socketTimeout=5&tcpkeepalive=false", DATA).defaults())
                .doesNotContainKeys("socketTimeout", "tcpKeepAlive").containsKey("ApplicationName");
        assertThat(JdbcUrl.parse("jdbc:h2:mail", DATA).defaults()).isEmpty();
    }

    @Test
    void no_password_is_shown() {
        JdbcUrl url = JdbcUrl.parse("jdbc:postgresql://joe:secret@db/mail?user=joe&password=secret", DATA);
        PoolSettings settings = new PoolSettings("main", url, "joe", "secret", 10, Duration.ofSeconds(10));
        assertThat(settings.toString()).isEqualTo("jdbc.main (jdbc:postgresql://db/mail, user joe)")
                .doesNotContain("secret");
        assertThat(url.toString()).doesNotContain("secret");
    }

    @Test
    void a_running_pool_can_change_its_size_and_nothing_else() {
        JdbcUrl url = JdbcUrl.parse("jdbc:h2:mail", DATA);
        PoolSettings settings = new PoolSettings("main", url, "joe", "secret", 10, Duration.ofSeconds(10));
        assertThat(
                settings.differOnlyInSize(new PoolSettings("main", url, "joe", "secret", 20, Duration.ofSeconds(10))))
                .isTrue();
        assertThat(settings.differOnlyInSize(new PoolSettings("main", url, "joe", "secret", 10, Duration.ofSeconds(1))))
                .isFalse();
        assertThat(settings.differOnlyInSize(new PoolSettings("main", url, "joe", "other", 10, Duration.ofSeconds(10))))
                .isFalse();
        assertThat(settings
                .differOnlyInSize(new PoolSettings("main", JdbcUrl.parse("jdbc:h2:other", DATA), "joe", "secret", 10,
                        Duration.ofSeconds(10))))
                .isFalse();
    }
}
