package org.staffetta.directory.ldap;

import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldif.LDIFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real server on loopback, with the people of the tests, that can be slow, unwilling, and away. */
final class LdapServer implements AutoCloseable {

    static final String BASE = "dc=demo,dc=test";
    static final String OWN = "cn=staffetta," + BASE;

    private static final List<String> PEOPLE = List.of("dn: " + BASE + "\nobjectClass: domain\ndc: demo",
            account("alice", "alice@demo.test", "userPassword: wonderland", "o: demo",
                    "mailAlternateAddress: wonder@demo.test"),
            account("bob", "bob@demo.test"), account("ab", "a+b@demo.test"),
            account("john", "\"john doe\"@demo.test", "userPassword: doe"),
            account("leser", "leser@xn--bcher-kva.example", "userPassword: b\u00fccher"),
            account("locked", "locked@demo.test", "userPassword: locked"),
            account("disabled", "disabled@demo.test", "userPassword: disabled", "accountStatus: disabled"),
            account("away", "away@demo.test", "userPassword: away", "mailForwardingAddress: x@elsewhere.example",
                    "mailForwardingAddress: bob@demo.test"),
            account("two", "two@demo.test", "mail: three@demo.test"), account("odd", "odd"),
            account("twin1", "twin1@demo.test", "mailAlternateAddress: twin@demo.test"),
            account("twin2", "twin2@demo.test", "mailAlternateAddress: twin@demo.test"),
            alias("info@demo.test", "rfc822MailMember: alice@demo.test", "rfc822MailMember: carol@elsewhere.example"),
            alias("empty@demo.test"), alias("wrong@demo.test", "rfc822MailMember: no address"),
            alias("@all.example", "rfc822MailMember: bob@demo.test"),
            "dn: associatedDomain=filtered.example," + BASE + "\nobjectClass: domainRelatedObject\n"
                    + "associatedDomain: filtered.example");

    /** What is asked, in the form of LDAP. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Set<Long> connections = ConcurrentHashMap.newKeySet();
    private final Encryption encryption;
    private final int port;
    private boolean encrypted;
    private volatile Optional<ResultCode> trouble = Optional.empty();
    private volatile long delay;
    private InMemoryDirectoryServer server;

    /** Makes an encrypted listener of one that is not. */
    @FunctionalInterface
    interface Encryption {
        InMemoryListenerConfig of(InMemoryListenerConfig plain) throws LDAPException;
    }

    LdapServer() throws LDAPException {
        this(plain -> plain);
    }

    /** @param encryption of a listener without any */
    LdapServer(Encryption encryption) throws LDAPException {
        this.encryption = encryption;
        this.server = open(0);
        this.port = server.getListenPort();
    }

    int port() {
        return port;
    }

    boolean isEncrypted() {
        return encrypted;
    }

    String url() {
        return "ldap://127.0.0.1:" + port;
    }

    /** Every search is answered with this error from now on; with none, as it should be. */
    void has(Optional<ResultCode> code) {
        trouble = code;
    }

    /** Every answer takes so long from now on. */
    void takes(long milliseconds) {
        delay = milliseconds;
    }

    void add(String... ldif) throws LDAPException {
        add(server, ldif);
    }

    /** Forgets what was asked. */
    void forget() {
        asked.clear();
        connections.clear();
    }

    void stop() {
        server.shutDown(true);
        await().until(() -> !isThere());
    }

    private boolean isThere() {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** On the same port. */
    void startAgain() throws LDAPException {
        server = open(port);
    }

    /** How many connections there were so far on which something was asked. */
    int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        server.shutDown(true);
    }

    private InMemoryDirectoryServer open(int onPort) throws LDAPException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.addAdditionalBindCredentials(OWN, "own-secret");
        InMemoryListenerConfig listener = encryption.of(
                new InMemoryListenerConfig("ldap", InetAddress.getLoopbackAddress(), onPort, null, null, null));
        encrypted = listener.getListenerName().equals("ldaps");
        config.setListenerConfigs(listener);
        config.addInMemoryOperationInterceptor(new Moods());
        InMemoryDirectoryServer fresh = new InMemoryDirectoryServer(config);
        for (String entry : PEOPLE) {
            add(fresh, entry.split("\n"));
        }
        fresh.startListening();
        return fresh;
    }

    private static void add(InMemoryDirectoryServer server, String... ldif) throws LDAPException {
        try {
            server.add(ldif);
        } catch (LDIFException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static String account(String uid, String mail, String... more) {
        List<String> lines = new ArrayList<>(List.of("dn: uid=" + uid + "," + BASE, "objectClass: inetOrgPerson",
                "uid: " + uid, "mail: " + mail));
        lines.addAll(List.of(more));
        return String.join("\n", lines);
    }

    private static String alias(String address, String... more) {
        List<String> lines = new ArrayList<>(
                List.of("dn: cn=" + address + "," + BASE, "objectClass: nisMailAlias", "cn: " + address));
        lines.addAll(List.of(more));
        return String.join("\n", lines);
    }

    private final class Moods extends InMemoryOperationInterceptor {

        @Override
        public void processSearchRequest(InMemoryInterceptedSearchRequest request) throws LDAPException {
            asked.add(request.getRequest().getFilter().toString());
            connections.add(request.getConnectionID());
            pause();
            if (trouble.isPresent()) {
                throw new LDAPException(trouble.get(), "not now");
            }
        }

        @Override
        public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) throws LDAPException {
            asked.add("bind " + request.getRequest().getBindDN());
            connections.add(request.getConnectionID());
            pause();
            if (request.getRequest().getBindDN().startsWith("uid=locked")) {
                throw new LDAPException(ResultCode.UNWILLING_TO_PERFORM, "account inactivated");
            }
        }

        private void pause() {
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
