package org.staffetta.deploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.staffetta.api.deploy.DeploymentException;

/** Runs code of others on a thread of its own, which is left to itself when it takes too long. */
final class Bounded {

    private Bounded() {}

    /**
     * Runs something.
     *
     * @param what begins the message if it fails: {@code does not start}
     * @throws DeploymentException if it threw, or did not end in time
     */
    static <T> T run(String what, Duration patience, Callable<T> code) throws DeploymentException {
        CompletableFuture<T> result = new CompletableFuture<>();
        // a platform thread: nobody knows what it does, and a virtual one that only computes keeps all others from running
        Thread thread = Thread.ofPlatform().name("staffetta-deploy-trial").daemon().start(() -> complete(result, code));
        try {
            return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DeploymentException(what + ": " + reason(cause), cause);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new DeploymentException(what + ": it has not come to an end after " + patience.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new DeploymentException(what + ": the server stops", e);
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> code) {
        try {
            result.complete(code.call());
        } catch (Throwable e) {
            // also a LinkageError or an OutOfMemoryError of the code that is on trial: whoever waits for it is told
            result.completeExceptionally(e);
        }
    }

    /** The innermost cause, which is the true one, in one line. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return firstLine(cause.toString());
    }

    static String firstLine(String text) {
        return text.strip().split("[\\r\\n]", 2)[0].strip();
    }
}
