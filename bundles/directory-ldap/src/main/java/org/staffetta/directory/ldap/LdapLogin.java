package org.staffetta.directory.ldap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Names;
import org.staffetta.identity.PasswordDialogue;

/** Who somebody is, by binding as him. */
final class LdapLogin implements PasswordDialogue.Check {

    private final Ldap ldap;
    private final LdapDirectory directory;
    private final Template filter;
    private final String nobody;
    private final SecureRandom random = new SecureRandom();
    // how long a wrong password takes to be denied, on the average of the last ones
    private final AtomicLong usual = new AtomicLong();

    LdapLogin(Ldap ldap, LdapDirectory directory, Settings settings) {
        this.ldap = ldap;
        this.directory = directory;
        this.filter = settings.filters().login();
        this.nobody = new DN(new RDN("cn", "nobody of this name"), settings.server().base()).toString();
    }

    private record Person(String dn, String id) {}

    @Override
    public Decision check(String authorized, String name, byte[] password) throws IOException {
        // RFC 4513 section 5.1.2: a server lets it succeed, as a bind of nobody
        return password.length == 0 || name.isEmpty()
                ? PasswordDialogue.DENIED
                : ldap.ask(asked -> checkSome(authorized, name, password));
    }

    private Decision checkSome(String authorized, String name, byte[] password) throws IOException {
        long began = System.nanoTime();
        if (isForeign(name)) {
            // of another directory perhaps: what it has to do with passwords is not LDAP's to know
            waitAsUsual(began);
            return PasswordDialogue.DENIED;
        }
        Optional<Person> person = person(name);
        if (person.isEmpty()) {
            ldap.accepts(nobody, guess());
            waitAsUsual(began);
            return PasswordDialogue.DENIED;
        }
        // nobody acts for another (RFC 4616 section 2: that is for the server to allow)
        boolean himself = authorized.isEmpty() || !isForeign(authorized) && person(authorized).equals(person);
        if (ldap.accepts(person.get().dn(), password) && himself) {
            return new Granted(person.get().id());
        }
        took(System.nanoTime() - began);
        return PasswordDialogue.DENIED;
    }

    private boolean isForeign(String name) throws IOException {
        Optional<Address> address = address(name);
        return address.isPresent() && !directory.isOurs(Names.domain(address.get().domain()));
    }

    private Optional<Person> person(String name) throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put("name", name);
        address(name).ifPresent(address -> values.putAll(LdapDirectory
                .values(Names.localPart(address.localPart()), Names.domain(address.domain()))));
        if (!values.keySet().containsAll(filter.words())) {
            return Optional.empty();
        }
        Optional<SearchResultEntry> entry = ldap.one(filter.fill(values), directory.idAttribute());
        // the root of the server has no name, and to bind as that is to be nobody
        return entry.isPresent() && !entry.get().getDN().isBlank()
                ? Optional.of(new Person(entry.get().getDN(), directory.id(entry.get())))
                : Optional.empty();
    }

    // what was given is perhaps a password somewhere else
    private byte[] guess() {
        return Long.toString(random.nextLong(), Character.MAX_RADIX).getBytes(US_ASCII);
    }

    private static Optional<Address> address(String name) {
        try {
            return Optional.of(Address.parse(name));
        } catch (IllegalArgumentException no) {
            return Optional.empty();
        }
    }

    private void took(long nanos) {
        usual.accumulateAndGet(nanos, (before, now) -> before == 0 ? now : before + (now - before) / 8);
    }

    private void waitAsUsual(long began) throws IOException {
        long most = ldap.timeout().toNanos() / 2;
        long left = Math.min(usual.get(), most) - (System.nanoTime() - began);
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, left)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a login was denied");
        }
    }
}
