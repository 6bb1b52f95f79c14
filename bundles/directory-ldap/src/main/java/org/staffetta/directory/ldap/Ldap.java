package org.staffetta.directory.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the servers, in time. */
final class Ldap implements AutoCloseable {

    private final Settings.Server settings;
    private final LDAPConnectionPool searches;
    // another's identity is on these, so that nothing is ever searched by them
    private final LDAPConnectionPool logins;

    /**
     * Connects to nobody yet.
     *
     * @throws IllegalArgumentException with one line for the operator
     */
    Ldap(Settings.Server settings) {
        this.settings = settings;
        this.searches = Pools.searches(settings);
        this.logins = Pools.logins(settings);
    }

    /** What is to be done within the time that there is. */
    @FunctionalInterface
    interface Work<T> {
        T with(Ldap ldap) throws IOException;
    }

    /**
     * Does the work, on a thread of its own that is interrupted when the time is over: no server can hold the caller.
     *
     * @throws IOException if LDAP cannot tell in time
     */
    <T> T ask(Work<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(() -> work.with(this));
        Thread.ofVirtual().name("ldap").start(task);
        try {
            return task.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new IOException("LDAP has not answered in " + settings.timeout().toMillis() + " ms", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while LDAP was asked");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException trouble) {
                throw trouble;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            task.cancel(true);
        }
    }

    /**
     * The one entry that the filter finds.
     *
     * @throws IOException if there are more, or if that cannot be told
     */
    Optional<SearchResultEntry> one(Filter filter, List<String> attributes) throws IOException {
        SearchResult result = search(filter, 2, attributes);
        if (result.getEntryCount() > 1) {
            throw new IOException("LDAP has more than one entry: " + result.getSearchEntries().get(0).getDN() + " and "
                    + result.getSearchEntries().get(1).getDN());
        }
        return result.getSearchEntries().stream().findFirst();
    }

    /**
     * Whether the filter finds anything.
     *
     * @throws IOException if that cannot be told
     */
    boolean any(Filter filter) throws IOException {
        return search(filter, 1, List.of(SearchRequest.NO_ATTRIBUTES)).getEntryCount() > 0;
    }

    private SearchResult search(Filter filter, int most, List<String> attributes) throws IOException {
        SearchResult result = result(filter, most, attributes);
        // what was cut off by our own limit is enough
        boolean whole = result.getResultCode().equals(ResultCode.SUCCESS)
                || result.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED) && result.getEntryCount() >= most;
        if (!whole) {
            throw new IOException(
                    "LDAP cannot tell: " + result.getResultCode() + reason(result.getDiagnosticMessage()));
        }
        if (result.getEntryCount() == 0 && result.getReferenceCount() > 0 && !settings.ignoresReferrals()) {
            throw new IOException("LDAP refers to another server, which is not asked");
        }
        return result;
    }

    private SearchResult result(Filter filter, int most, List<String> attributes) throws IOException {
        int seconds = (int) Math.max(1, settings.timeout().toSeconds());
        SearchRequest request = new SearchRequest(settings.base().toString(), SearchScope.SUB, DereferencePolicy.NEVER,
                most, seconds, false, filter, attributes.toArray(String[]::new));
        request.setResponseTimeoutMillis(settings.timeout().toMillis());
        request.setFollowReferrals(false);
        try {
            return searches.search(request);
        } catch (LDAPSearchException e) {
            return e.getSearchResult();
        }
    }

    /**
     * Whether this is the password of the entry.
     *
     * @param password not empty
     * @throws IOException if that cannot be told; without a word of what was given
     */
    boolean accepts(String dn, byte[] password) throws IOException {
        if (dn.isBlank() || password.length == 0) {
            // RFC 4513 sections 5.1.1, 5.1.2: that would be a bind as nobody, which succeeds
            throw new IllegalArgumentException("an anonymous or unauthenticated bind proves nothing");
        }
        SimpleBindRequest request = new SimpleBindRequest(dn, password);
        request.setResponseTimeoutMillis(settings.timeout().toMillis());
        request.setFollowReferrals(false);
        try {
            return logins.bind(request).getResultCode().equals(ResultCode.SUCCESS);
        } catch (LDAPException e) {
            if (isDenial(e.getResultCode())) {
                return false;
            }
            throw new IOException("LDAP cannot check a password: " + e.getResultCode());
        }
    }

    // wrong, not there, or there and locked: servers differ in how they say that
    private static boolean isDenial(ResultCode code) {
        return List.of(ResultCode.INVALID_CREDENTIALS, ResultCode.INAPPROPRIATE_AUTHENTICATION,
                ResultCode.NO_SUCH_OBJECT, ResultCode.CONSTRAINT_VIOLATION, ResultCode.UNWILLING_TO_PERFORM)
                .contains(code);
    }

    private static String reason(String text) {
        return text == null || text.isBlank() ? "" : ", " + text.strip();
    }

    Duration timeout() {
        return settings.timeout();
    }

    /** Whoever still asks is answered; then the connections are closed. */
    @Override
    public void close() {
        searches.close();
        logins.close();
    }
}
