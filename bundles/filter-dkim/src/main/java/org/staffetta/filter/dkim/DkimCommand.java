package org.staffetta.filter.dkim;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.Dns;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;

/**
 * {@code mail:dkim}: the keys. Wrong usage throws {@link IllegalArgumentException}, a problem found {@link IllegalStateException}.
 */
final class DkimCommand {

    static final String USAGE = "usage: dkim list [--json] | show NAME [--json]"
            + " | new DOMAIN [--selector LABEL] [--algorithm rsa|ed25519] [--bits N]";

    private static final int BITS = 2048;
    private static final int MIN_BITS = 1024;
    private static final int MAX_BITS = 8192;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    private final Supplier<List<DkimKey>> keys;
    private final Supplier<@Nullable Dns> dns;
    private final Path conf;
    private final Registry registry;
    private final InstantSource clock;

    /** Where a new key is entered. */
    @FunctionalInterface
    interface Registry {

        /**
         * Adds {@code dkim.key.<name>} to the configuration.
         *
         * @throws IOException if that is not possible
         */
        void add(String name, Map<String, Object> attributes) throws IOException;
    }

    DkimCommand(Supplier<List<DkimKey>> keys, Supplier<@Nullable Dns> dns, Path conf, Registry registry,
            InstantSource clock) {
        this.keys = keys;
        this.dns = dns;
        this.conf = conf;
        this.registry = registry;
        this.clock = clock;
    }

    void run(String[] arguments, PrintStream out) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        String verb = words.isEmpty() ? "" : words.removeFirst();
        switch (verb) {
            case "list" -> list(words, out);
            case "show" -> show(words, out);
            case "new" -> make(words, out);
            case "--help" -> out.println(USAGE);
            default -> throw new IllegalArgumentException(USAGE);
        }
    }

    private void list(List<String> words, PrintStream out) {
        boolean json = words.remove("--json");
        expect(words, 0);
        List<KeyView> views = keys.get().stream().map(key -> KeyView.of(key, dns.get())).toList();
        if (json) {
            views.forEach(view -> out.println(view.json()));
        } else if (views.isEmpty()) {
            out.println("There is no key: dkim new DOMAIN makes one.");
        } else {
            KeyView.table(views).forEach(out::println);
        }
    }

    private void show(List<String> words, PrintStream out) {
        boolean json = words.remove("--json");
        String name = expect(words, 1).getFirst();
        DkimKey key = keys.get().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("there is no dkim.key." + name + "; dkim list tells them"));
        KeyView view = KeyView.of(key, dns.get());
        out.println(json ? view.json() : view.text());
    }

    private void make(List<String> words, PrintStream out) throws IOException {
        Algorithm algorithm = algorithm(option(words, "--algorithm").orElse("rsa"));
        int bits = option(words, "--bits").map(DkimCommand::bits).orElse(BITS);
        String given = option(words, "--selector")
                .orElseGet(() -> algorithm.keyType().charAt(0) + DAY.format(clock.instant()));
        String text = expect(words, 1).getFirst();
        String domain = DomainKey.domain(text)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a domain such as example.org"));
        String selector = DomainKey.selector(given)
                .orElseThrow(() -> new IllegalArgumentException("'" + given + "' is not a label such as s1"));
        String name = (domain + "-" + selector).replace('.', '-');
        DomainKey key = new DomainKey(name, domain, selector,
                KeyFile.of(conf, domain, selector), false, false);
        SigningKey secret = SigningKey.generate(algorithm, bits);
        key.file().create(secret);
        registry.add(name, Map.of("domain", domain, "selector", selector, "use", "publish"));
        out.println("The key is in " + key.file() + ", for nobody but its owner to read. Put this into DNS:");
        out.println();
        out.println(Publication.zoneLine(key, secret));
        out.println();
        out.println("dkim show " + name + "                       tells whether it is there;");
        out.println("config set dkim.key." + name + ".use sign    begins to sign with it.");
    }

    private static Algorithm algorithm(String word) {
        return switch (word) {
            case "rsa", "rsa-sha256" -> Algorithm.RSA_SHA256;
            case "ed25519", "ed25519-sha256" -> Algorithm.ED25519_SHA256;
            default -> throw new IllegalArgumentException("--algorithm must be rsa or ed25519");
        };
    }

    private static int bits(String text) {
        int bits = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new IllegalArgumentException("--bits must be " + MIN_BITS + " to " + MAX_BITS);
        }
        return bits;
    }

    private static Optional<String> option(List<String> words, String name) {
        int place = words.indexOf(name);
        if (place < 0) {
            return Optional.empty();
        }
        if (place + 1 == words.size()) {
            throw new IllegalArgumentException(name + " needs a value; " + USAGE);
        }
        words.remove(place);
        return Optional.of(words.remove(place));
    }

    private static List<String> expect(List<String> words, int count) {
        if (words.size() != count || words.stream().anyMatch(word -> word.startsWith("-"))) {
            throw new IllegalArgumentException(USAGE);
        }
        return words;
    }
}
