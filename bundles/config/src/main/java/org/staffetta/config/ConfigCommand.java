package org.staffetta.config;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.staffetta.config.Plan.Target;
import org.staffetta.config.Schema.Claim;
import org.staffetta.config.Setting.Origin;

/**
 * {@code mail:config}: looks at the configuration and changes it. Wrong usage throws {@link IllegalArgumentException}, a problem found
 * {@link IllegalStateException}.
 */
final class ConfigCommand {

    private static final String USAGE = "usage: config check | list [-d] [--json] | get KEY | set KEY VALUE | unset KEY"
            + " | explain KEY";
    private static final Origin DEFAULT = new Origin("default", 0);
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)passw|secret|token");
    private static final String HIDDEN = "********";

    private final Configurator configurator;
    private final Consumer<Map<String, @Nullable String>> changer;

    /** A setting with what Metatype says of it. */
    private record Known(Setting setting, Optional<Attribute> attribute) {

        // of a key that nobody knows only its name can tell
        String shown() {
            boolean secret = attribute.map(Attribute::isSecret)
                    .orElseGet(() -> SECRET_NAME.matcher(setting.key()).find());
            return secret ? HIDDEN : setting.text();
        }
    }

    ConfigCommand(Configurator configurator, Consumer<Map<String, @Nullable String>> changer) {
        this.configurator = configurator;
        this.changer = changer;
    }

    void run(String[] arguments, PrintStream out) {
        List<String> words = new ArrayList<>(List.of(arguments));
        String verb = words.isEmpty() ? "" : words.removeFirst();
        switch (verb) {
            case "check" -> {
                expect(words, 0);
                check(out);
            }
            case "list" -> list(words, out);
            case "get" -> out.println(known(expect(words, 1).getFirst()).shown());
            case "set" -> set(expect(words, 2), out);
            case "unset" -> unset(expect(words, 1).getFirst());
            case "explain" -> explain(expect(words, 1).getFirst(), out);
            default -> throw new IllegalArgumentException(USAGE);
        }
    }

    private static List<String> expect(List<String> words, int count) {
        if (words.size() != count) {
            throw new IllegalArgumentException(USAGE);
        }
        return words;
    }

    private void check(PrintStream out) {
        try {
            Plan plan = configurator.check();
            plan.unclaimed()
                    .forEach(s -> out.println(s.origin() + ": " + s.key() + ": no installed bundle knows this key"));
            out.println("The configuration is right: " + plan.targets().size() + " parts are configured.");
        } catch (RefusedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("the configuration cannot be read: " + e.getMessage(), e);
        }
    }

    private void list(List<String> options, PrintStream out) {
        boolean json = options.remove("--json");
        boolean all = options.remove("-d");
        expect(options, 0);
        Map<String, Known> settings = new TreeMap<>();
        configurator.state().settings().effective().forEach(s -> settings.put(s.key(), known(s.key())));
        if (all) {
            defaults().forEach(key -> settings.computeIfAbsent(key, this::known));
        }
        int keys = width(settings.keySet());
        int values = Math.min(60, width(settings.values().stream().map(Known::shown).toList()));
        String row = "%-" + keys + "s = %-" + values + "s  # %s";
        for (Known known : settings.values()) {
            out.println(json
                    ? json(known)
                    : row.formatted(known.setting.key(), known.shown(), known.setting.origin()));
        }
    }

    private List<String> defaults() {
        List<String> keys = new ArrayList<>();
        for (Kind kind : configurator.schema().kinds()) {
            List<String> instances = kind.factory()
                    ? configurator.state().plan().targets().values().stream()
                            .filter(t -> t.kind().pid().equals(kind.pid()))
                            .map(Target::instance).toList()
                    : List.of("");
            instances.forEach(i -> kind.attributes().keySet().forEach(a -> keys.add(kind.key(i, a))));
        }
        return keys;
    }

    /**
     * Writes a setting to the file.
     *
     * @throws IllegalStateException if it was given at the start, or is refused
     */
    void set(String key, String value) {
        requireChangeable(key);
        changer.accept(Collections.singletonMap(key, value));
    }

    private void set(List<String> words, PrintStream out) {
        String key = words.getFirst();
        set(key, words.getLast());
        Known now = known(key);
        out.println(now.setting.origin() + ": " + key + " = " + now.shown());
        if (configurator.schema().claim(key).isEmpty() && !configurator.schema().isShared(key)) {
            out.println("No installed bundle knows this key; it is kept until one does.");
        }
    }

    private void unset(String key) {
        requireChangeable(key);
        if (!configurator.state().settings().isInFile(key)) {
            throw new IllegalStateException(key + " is not set in any file");
        }
        changer.accept(Collections.singletonMap(key, null));
    }

    private void requireChangeable(String key) {
        if (configurator.state().settings().isOverridden(key)) {
            throw new IllegalStateException(key + " was given at the start (--set) and stays until the server stops");
        }
    }

    private void explain(String key, PrintStream out) {
        Known known = known(key);
        out.println(key + " = " + known.shown());
        line(out, "from", known.setting.origin().toString());
        known.attribute.ifPresent(a -> {
            line(out, "what", a.name() + (a.description().isEmpty() ? "" : ": " + a.description()));
            line(out, "type", a.typeName());
            line(out, "allowed", a.allowed());
            line(out, "default", a.isSecret() ? HIDDEN : a.defaultText());
        });
        line(out, "for", String.join(", ", users(key)));
    }

    private List<String> users(String key) {
        Optional<Claim> claim = configurator.schema().claim(key);
        return claim.isPresent()
                ? List.of(claim.get().kind().bundle())
                : configurator.schema().kinds().stream().filter(k -> k.attributes().containsKey(key)).map(Kind::bundle)
                        .distinct().toList();
    }

    private static void line(PrintStream out, String name, String text) {
        if (!text.isEmpty()) {
            out.println("  %-8s %s".formatted(name, text));
        }
    }

    // What counts for a key: its own line, a shared one, or the default.
    private Known known(String key) {
        Schema schema = configurator.schema();
        Settings settings = configurator.state().settings();
        Optional<Claim> claim = schema.claim(key);
        Optional<Attribute> attribute = claim.isPresent()
                ? claim.map(c -> c.kind().attributes().get(c.attribute()))
                : schema.kinds().stream().map(k -> k.attributes().get(key)).filter(a -> a != null).findFirst();
        Optional<Setting> setting = settings.find(key);
        if (setting.isEmpty() && claim.isPresent()) {
            setting = settings.find(claim.get().attribute()).filter(s -> s.key().indexOf('.') < 0)
                    .map(s -> new Setting(key, s.text(), s.origin()));
        }
        if (setting.isPresent()) {
            return new Known(setting.get(), attribute);
        }
        return new Known(new Setting(key, attribute.orElseThrow(() -> unknown(key, claim)).defaultText(), DEFAULT),
                attribute);
    }

    private static IllegalStateException unknown(String key, Optional<Claim> claim) {
        return new IllegalStateException(key + ": unknown key"
                + claim.map(c -> "; " + Hint.forKey(c)).orElse("; no installed bundle knows it"));
    }

    private static int width(Iterable<String> cells) {
        List<String> all = new ArrayList<>();
        cells.forEach(all::add);
        return Math.max(1, all.stream().max(Comparator.comparingInt(String::length)).map(String::length).orElse(1));
    }

    private static String json(Known known) {
        return "{\"key\":%s,\"value\":%s,\"origin\":%s}".formatted(quoted(known.setting.key()), quoted(known.shown()),
                quoted(known.setting.origin().toString()));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else {
                boolean plain = c >= 0x20 && c < 0x7f || c >= 0xa0 && c != 0x2028 && c != 0x2029;
                quoted.append(plain ? String.valueOf((char) c) : "\\u%04x".formatted(c));
            }
        });
        return quoted.append('"').toString();
    }
}
