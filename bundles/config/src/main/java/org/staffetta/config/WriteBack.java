package org.staffetta.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.staffetta.config.Plan.Target;

/** What somebody else changed in a configuration of ours, put as changes of keys in the files. */
final class WriteBack {

    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9_-]+");

    private final Settings settings;
    private final Plan plan;

    WriteBack(Settings settings, Plan plan) {
        this.settings = settings;
        this.plan = plan;
    }

    /** The keys to take out when a configuration was deleted. */
    Map<String, @Nullable String> deleted(Target target) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        for (String attribute : target.values().keySet()) {
            String key = target.kind().key(target.instance(), attribute);
            if (settings.isInFile(key)) {
                changes.put(key, null);
            }
        }
        return changes;
    }

    /**
     * The keys to set or take out so that the files say what a configuration holds now.
     *
     * @throws RefusedException if a value is not allowed, or an override stands above it
     */
    Map<String, @Nullable String> updated(Kind kind, String instance, Dictionary<String, Object> actual)
            throws RefusedException {
        Target planned = plan.targets().get(Target.pid(kind, instance));
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Attribute attribute : kind.attributes().values()) {
            String key = kind.key(instance, attribute.id());
            Object before = planned == null ? null : planned.values().get(attribute.id());
            try {
                change(attribute, before, actual.get(attribute.id())).ifPresent(text -> changes.put(key, text));
                removal(key, before, actual.get(attribute.id())).ifPresent(gone -> changes.put(gone, null));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("Configuration Admin", key, String.valueOf(e.getMessage())));
            }
        }
        changes.keySet().stream().filter(settings::isOverridden).forEach(key -> problems
                .add(new Problem(Setting.Origin.OVERRIDE.toString(), key, "stays as it was given at the start")));
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        if (planned == null && kind.factory() && changes.isEmpty()) {
            anything(kind, instance).ifPresent(key -> changes.put(key.getKey(), key.getValue()));
        }
        return changes;
    }

    /** A name for an instance that the console made: behind the {@code ~} of its PID, or a new one. */
    String instanceName(Kind kind, String pid) {
        String name = pid.startsWith(kind.pid() + "~") ? pid.substring(kind.pid().length() + 1) : "";
        if (INSTANCE.matcher(name).matches()) {
            return name;
        }
        int number = 1;
        while (plan.targets().containsKey(Target.pid(kind, "new" + number))) {
            number++;
        }
        return "new" + number;
    }

    private static Optional<String> change(Attribute attribute, @Nullable Object before, @Nullable Object after) {
        if (after == null) {
            return Optional.empty();
        }
        String text = attribute.write(after);
        Object value = attribute.read(text);
        boolean same = before != null ? equal(before, value) : isDefault(attribute, value);
        return same ? Optional.empty() : Optional.of(Variables.quote(text));
    }

    private Optional<String> removal(String key, @Nullable Object before, @Nullable Object after) {
        return after == null && before != null && settings.isInFile(key) ? Optional.of(key) : Optional.empty();
    }

    // An instance exists in the file by its lines: one that has only defaults needs a line all the same.
    private static Optional<Map.Entry<String, String>> anything(Kind kind, String instance) {
        return kind.attributes().values().stream().filter(a -> !a.defaults().isEmpty()).findFirst()
                .map(a -> Map.entry(kind.key(instance, a.id()), Variables.quote(a.defaultText())));
    }

    private static boolean isDefault(Attribute attribute, Object value) {
        try {
            return equal(attribute.read(attribute.defaultText()), value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean equal(Object one, Object other) {
        return Arrays.deepEquals(new Object[]{one}, new Object[]{other});
    }
}
