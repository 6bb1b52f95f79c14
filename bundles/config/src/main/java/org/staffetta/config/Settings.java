package org.staffetta.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.staffetta.config.ConfigFolder.Snapshot;
import org.staffetta.config.Setting.Origin;

/** All that the files and overrides set, by key: what counts, and what the files alone say. Immutable. */
final class Settings {

    /** The texts of the files by name, in their order. */
    private final Map<String, PropertyText> texts;
    private final Map<String, Setting> inFiles;
    private final Map<String, Setting> overrides;

    private Settings(Map<String, PropertyText> texts, Map<String, Setting> overrides) {
        this.texts = texts;
        this.overrides = overrides;
        this.inFiles = new LinkedHashMap<>();
        texts.values().forEach(text -> text.settings().forEach(s -> inFiles.put(s.key(), s)));
    }

    /**
     * Reads the files of a snapshot.
     *
     * @param display the folder as people know it, with a final slash: {@code conf/}
     * @throws RefusedException with all errors of syntax
     */
    static Settings read(Snapshot snapshot, String display, Map<String, String> overrides) throws RefusedException {
        Map<String, PropertyText> texts = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        snapshot.files().forEach((name, octets) -> {
            try {
                texts.put(name, PropertyText.parse(display + name, decode(display + name, octets)));
            } catch (RefusedException e) {
                problems.addAll(e.problems());
            }
        });
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        Map<String, Setting> over = new LinkedHashMap<>();
        overrides.forEach((key, value) -> over.put(key, new Setting(key, value, Origin.OVERRIDE)));
        return new Settings(texts, over);
    }

    /** The settings that count. */
    Collection<Setting> effective() {
        Map<String, Setting> all = new LinkedHashMap<>(inFiles);
        all.putAll(overrides);
        return Collections.unmodifiableCollection(all.values());
    }

    /** The setting of a key that counts. */
    Optional<Setting> find(String key) {
        return Optional.ofNullable(overrides.getOrDefault(key, inFiles.get(key)));
    }

    /** Whether an override wins over what the files say of a key. */
    boolean isOverridden(String key) {
        return overrides.containsKey(key);
    }

    /** Whether a file sets a key. */
    boolean isInFile(String key) {
        return inFiles.containsKey(key);
    }

    /** The settings with keys changed in the files that they came from; a null value takes the key out of all of them. */
    Settings with(Map<String, @Nullable String> changes) {
        Map<String, PropertyText> changed = new LinkedHashMap<>(texts);
        changes.forEach((key, value) -> {
            if (value == null) {
                changed.replaceAll((name, text) -> text.without(key));
            } else {
                changed.computeIfPresent(fileFor(key), (name, text) -> text.with(key, value));
            }
        });
        return new Settings(changed, overrides);
    }

    /** The octets of each file that differ from those of a snapshot. */
    Map<String, byte[]> changesTo(Snapshot snapshot) {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        texts.forEach((name, text) -> {
            byte[] octets = text.text().getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(octets, snapshot.files().get(name))) {
                changes.put(name, octets);
            }
        });
        return changes;
    }

    // The file whose line counts; for a new key the one that has its nearest relatives, in doubt the main one.
    private String fileFor(String key) {
        String best = ConfigFolder.MAIN;
        int kinship = 0;
        for (Map.Entry<String, PropertyText> e : texts.entrySet()) {
            boolean has = e.getValue().settings().stream().anyMatch(s -> s.key().equals(key));
            int found = has ? Integer.MAX_VALUE : e.getValue().kinship(key);
            if (found > kinship || has) {
                best = e.getKey();
                kinship = found;
            }
        }
        return best;
    }

    private static String decode(String name, byte[] octets) throws RefusedException {
        ByteBuffer in = ByteBuffer.wrap(octets);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += octets[i] == '\n' ? 1 : 0;
            }
            throw new RefusedException(List.of(new Problem(new Origin(name, line).toString(), "", "is not UTF-8")));
        }
    }

    /** Finds the overrides: system properties {@code staffetta.set.<key>}, and framework properties of the keys that are known. */
    static Map<String, String> overrides(Map<?, ?> system, Function<String, @Nullable String> framework,
            Collection<String> keys) {
        String prefix = "staffetta.set.";
        Map<String, String> found = new TreeMap<>();
        system.forEach((key, value) -> {
            if (String.valueOf(key).startsWith(prefix)) {
                found.put(String.valueOf(key).substring(prefix.length()), String.valueOf(value));
            }
        });
        for (String key : keys) {
            String value = framework.apply(prefix + key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }
}
