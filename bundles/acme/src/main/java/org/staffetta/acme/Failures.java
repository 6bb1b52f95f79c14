package org.staffetta.acme;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** What went wrong with an authority, as an operator understands it. */
final class Failures {

    private static final Duration LIMIT = Duration.ofHours(1);

    private Failures() {}

    /** Something that is asked of an authority. */
    interface Question<T> {
        T ask() throws AcmeException, IOException, InterruptedException;
    }

    /**
     * Asks.
     *
     * @throws LimitedException if the authority does not want to be asked for a while
     * @throws IOException if it does not answer as it should, in one line
     */
    static <T> T told(URI directory, Question<T> question) throws IOException, InterruptedException {
        try {
            return question.ask();
        } catch (AcmeException failed) {
            throw inWords(directory, failed);
        } catch (AcmeLazyLoadingException later) {
            throw later.getCause() instanceof AcmeException failed ? inWords(directory, failed) : odd(later);
        } catch (ClosedByInterruptException stopped) {
            throw interrupted();
        } catch (AcmeNotSupportedException not) {
            throw new IOException("the authority cannot do this: " + not.getMessage(), not);
        } catch (AcmeProtocolException | IllegalStateException not) {
            throw odd(not);
        }
    }

    private static IOException inWords(URI directory, AcmeException failed) throws InterruptedException {
        return switch (failed) {
            case AcmeRateLimitedException limited -> new LimitedException(
                    "the authority asks for a pause: " + text(limited.getProblem()),
                    limited.getRetryAfter().orElseGet(() -> Instant.now().plus(LIMIT)), limited);
            case AcmeUserActionRequiredException terms -> new IOException("the authority wants you to read "
                    + terms.getTermsOfServiceUri().map(URI::toString).orElse("its terms of service") + ": "
                    + text(terms.getProblem()), terms);
            case AcmeServerException refused ->
                new IOException("the authority refuses: " + text(refused.getProblem()), refused);
            case AcmeNetworkException unreachable -> {
                requireUninterrupted(unreachable);
                yield new IOException(directory + " cannot be reached: " + root(unreachable), unreachable);
            }
            default -> odd(failed);
        };
    }

    private static IOException odd(Exception failed) {
        return new IOException("the authority does not answer as it should: " + failed.getMessage(), failed);
    }

    // acme4j takes an interrupt for a failure of the network
    private static void requireUninterrupted(Throwable failed) throws InterruptedException {
        for (Throwable one = failed; one != null; one = one.getCause()) {
            if (one instanceof InterruptedException) {
                throw interrupted();
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException();
    }

    // the client of the Java VM gives no messages of its own where one would like to have them
    private static String root(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
            switch (root) {
                case HttpTimeoutException _ -> {
                    return "no answer in time";
                }
                case UnresolvedAddressException _ -> {
                    return "its name has no address";
                }
                case ConnectException refused when !isUnresolved(refused) -> {
                    return Optional.ofNullable(refused.getMessage()).orElse("nobody listens there");
                }
                default -> {
                    // what lies behind it may say more
                }
            }
        }
        return Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName());
    }

    private static boolean isUnresolved(ConnectException refused) {
        for (Throwable one = refused; one != null; one = one.getCause()) {
            if (one instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static String text(Problem problem) {
        return problem.getDetail().orElse(problem.getType().toString());
    }
}
