package org.staffetta.directory.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.GetEntryLDAPConnectionPoolHealthCheck;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ServerSet;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import java.util.Set;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes connections, bounded in number and time. */
final class Pools {

    private static final long HEALTH_CHECK_MS = 30_000;
    private static final long FAILOVER_AGE_MS = 60_000;
    private static final long AGE_MS = 1_800_000;
    private static final int MAX_MESSAGE = 4 << 20;

    private Pools() {}

    /** Connections that have our own identity. */
    static LDAPConnectionPool searches(Settings.Server settings) {
        BindRequest own = settings.dn().isEmpty() ? null : new SimpleBindRequest(settings.dn(), settings.password());
        return pool(settings, own, "searches");
    }

    /** Connections on which others show who they are. */
    static LDAPConnectionPool logins(Settings.Server settings) {
        return pool(settings, null, "logins");
    }

    private static LDAPConnectionPool pool(Settings.Server settings, @Nullable BindRequest own, String name) {
        long timeout = settings.timeout().toMillis();
        try {
            LDAPConnectionPool pool = new LDAPConnectionPool(servers(settings, own), own, 0, settings.connections(), 1,
                    null, false, new GetEntryLDAPConnectionPoolHealthCheck("", timeout, false, false, false, true,
                            false));
            pool.setConnectionPoolName(name);
            pool.setCreateIfNecessary(false);
            pool.setMaxWaitTimeMillis(timeout);
            pool.setHealthCheckIntervalMillis(HEALTH_CHECK_MS);
            pool.setMaxConnectionAgeMillis(AGE_MS);
            // a server that was restarted has closed what is in the pool
            pool.setRetryFailedOperationsDueToInvalidConnections(Set.of(OperationType.SEARCH, OperationType.BIND));
            return pool;
        } catch (LDAPException impossible) {
            throw new IllegalStateException("no connection was asked for", impossible);
        }
    }

    // encryption and our own bind belong to connecting: where one of them fails, the next server is tried
    private static ServerSet servers(Settings.Server settings, @Nullable BindRequest own) {
        SSLSocketFactory tls = Trust.sockets(settings.trust());
        PostConnectProcessor encrypt = settings.starttls() ? new StartTLSPostConnectProcessor(tls) : null;
        LDAPConnectionOptions options = options(settings);
        ServerSet[] all = settings.urls().stream()
                .map(url -> new SingleServerSet(url.getHost(), url.getPort(),
                        url.getScheme().equals("ldaps") ? tls : SocketFactory.getDefault(), options, own, encrypt))
                .toArray(ServerSet[]::new);
        if (all.length == 1) {
            return all[0];
        }
        FailoverServerSet servers = new FailoverServerSet(all);
        servers.setMaxFailoverConnectionAgeMillis(FAILOVER_AGE_MS);
        return servers;
    }

    private static LDAPConnectionOptions options(Settings.Server settings) {
        long timeout = settings.timeout().toMillis();
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        // so that there is time for the next server
        options.setConnectTimeoutMillis((int) Math.max(1, timeout / settings.urls().size()));
        options.setResponseTimeoutMillis(OperationType.BIND, Math.max(1, timeout / settings.urls().size()));
        options.setAbandonOnTimeout(true);
        options.setFollowReferrals(false);
        options.setBindWithDNRequiresPassword(true);
        options.setMaxMessageSize(MAX_MESSAGE);
        return options;
    }
}
