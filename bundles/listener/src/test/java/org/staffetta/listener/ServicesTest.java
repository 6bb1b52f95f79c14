package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ServicesTest {

    private final Services<String> services = new Services<>();

    @Test
    void theHigherRankedCountsAndAmongEqualsTheOlder() {
        services.put("younger", List.of("x"), 0, 2);
        services.put("older", List.of("x"), 0, 1);
        assertThat(services.find("x")).contains("older");
        services.put("better", List.of("x", "y"), 5, 3);
        assertThat(services.find("x")).contains("better");
        services.remove("better");
        assertThat(services.find("x")).contains("older");
        assertThat(services.find("y")).isEmpty();
        assertThat(services.names()).containsExactly("x");
    }

    @Test
    void aServiceMayChangeItsName() {
        services.put("service", List.of("x"), 0, 1);
        services.put("service", List.of("y"), 0, 1);
        assertThat(services.names()).containsExactly("y");
    }

    @Test
    void whoWaitsIsWoken() throws Exception {
        CompletableFuture<Optional<String>> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(services.await("x", Duration.ofSeconds(30)));
            } catch (InterruptedException failure) {
                waiting.completeExceptionally(failure);
            }
        });
        services.put("other", List.of("y"), 0, 1);
        services.put("service", List.of("x"), 0, 2);
        assertThat(waiting.get()).contains("service");
    }

    @Test
    void nobodyWaitsForEver() throws InterruptedException {
        assertThat(services.await("x", Duration.ofMillis(20))).isEmpty();
    }
}
