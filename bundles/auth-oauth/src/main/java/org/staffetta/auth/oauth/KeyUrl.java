package org.staffetta.auth.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Keys at a URL. They are fetched again when they are old, and when somebody misses one; never more often than the pause allows, whatever strangers send. */
final class KeyUrl implements KeySource {

    private final HttpRequest request;
    private final Times times;
    private final LongSupplier nanoTime;
    private final HttpClient client;
    private boolean good;
    private boolean asked;
    private long last;

    /**
     * How long things take.
     *
     * @param refresh the age at which keys are fetched again
     * @param pause between two questions at least
     * @param deadline for an answer, the whole of it
     */
    record Times(Duration refresh, Duration pause, Duration deadline) {}

    /**
     * Makes a source that asks at the first reading.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    KeyUrl(URI url, Times times, LongSupplier nanoTime) {
        this.request = HttpRequest.newBuilder(url)
                .header("Accept", "application/jwk-set+json, application/json").build();
        this.times = times;
        this.nanoTime = nanoTime;
        this.client = HttpClient.newBuilder().followRedirects(Redirect.NEVER).connectTimeout(times.deadline()).build();
    }

    @Override
    public Optional<byte[]> read(boolean anyway) throws IOException, InterruptedException {
        long now = nanoTime.getAsLong();
        long age = now - last;
        boolean due = !asked || age >= times.pause().toNanos()
                && (anyway || !good || age >= times.refresh().toNanos());
        if (!due) {
            return Optional.empty();
        }
        asked = true;
        last = now;
        good = false;
        byte[] octets = fetch();
        good = true;
        return Optional.of(octets);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    // a timeout of the request would end with the header of the answer
    private byte[] fetch() throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_OCTETS));
        try {
            HttpResponse<byte[]> response = answer.get(times.deadline().toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("it answers with status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException late) {
            throw new IOException("there was no answer within " + times.deadline().toMillis() + " ms", late);
        } catch (ExecutionException failed) {
            throw new IOException(String.valueOf(failed.getCause()), failed);
        } finally {
            answer.cancel(true);
        }
    }
}
