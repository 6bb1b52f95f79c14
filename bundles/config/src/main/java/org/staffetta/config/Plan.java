package org.staffetta.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.staffetta.config.Schema.Claim;

/**
 * The configurations that settings make with the kinds that are installed.
 *
 * @param targets by PID
 * @param unclaimed settings of which no installed bundle knows anything
 */
record Plan(Map<String, Target> targets, List<Setting> unclaimed) {

    /** Nothing configured. */
    static final Plan EMPTY = new Plan(Map.of(), List.of());

    /**
     * One configuration.
     *
     * @param instance empty for a singleton
     * @param values by attribute, as Configuration Admin takes them
     */
    record Target(Kind kind, String instance, Map<String, Object> values) {

        String pid() {
            return pid(kind, instance);
        }

        static String pid(Kind kind, String instance) {
            return kind.factory() ? kind.pid() + "~" + instance : kind.pid();
        }
    }

    /**
     * Checks all settings.
     *
     * @throws RefusedException with every value and key that is wrong
     */
    static Plan of(Settings settings, Schema schema, Variables variables) throws RefusedException {
        Builder builder = new Builder(schema, variables);
        for (Setting setting : settings.effective()) {
            schema.claim(setting.key()).ifPresentOrElse(claim -> builder.own(setting, claim),
                    () -> builder.noOwner(setting));
        }
        builder.share();
        if (!builder.problems.isEmpty()) {
            throw new RefusedException(builder.problems);
        }
        return new Plan(builder.targets, builder.unclaimed);
    }

    private static final class Builder {

        private final Schema schema;
        private final Variables variables;
        private final Map<String, Target> targets = new TreeMap<>();
        private final List<Setting> shared = new ArrayList<>();
        private final List<Setting> unclaimed = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Builder(Schema schema, Variables variables) {
            this.schema = schema;
            this.variables = variables;
        }

        void own(Setting setting, Claim claim) {
            Attribute attribute = claim.kind().attributes().get(claim.attribute());
            if (attribute == null) {
                problems.add(Problem.ofKey(setting, "unknown key; " + Hint.forKey(claim)));
            } else {
                put(target(claim.kind(), claim.instance()), attribute, setting);
            }
        }

        void noOwner(Setting setting) {
            (schema.isShared(setting.key()) ? shared : unclaimed).add(setting);
        }

        // What stands at the top level is for everybody who knows the word and was not told otherwise.
        void share() {
            for (Setting setting : shared) {
                for (Kind kind : schema.kinds()) {
                    Attribute attribute = kind.attributes().get(setting.key());
                    if (attribute != null) {
                        instances(kind).stream().filter(t -> !t.values().containsKey(attribute.id()))
                                .forEach(t -> put(t, attribute, setting));
                    }
                }
            }
        }

        private List<Target> instances(Kind kind) {
            return kind.factory()
                    ? targets.values().stream().filter(t -> t.kind() == kind).toList()
                    : List.of(target(kind, ""));
        }

        private Target target(Kind kind, String instance) {
            return targets.computeIfAbsent(Target.pid(kind, instance),
                    pid -> new Target(kind, instance, new LinkedHashMap<>()));
        }

        private void put(Target target, Attribute attribute, Setting setting) {
            try {
                target.values().put(attribute.id(), attribute.read(variables.resolve(setting.text())));
            } catch (IllegalArgumentException e) {
                String why = String.valueOf(e.getMessage());
                Problem problem = attribute.isSecret() ? Problem.ofSecret(setting, why) : Problem.of(setting, why);
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            }
        }
    }
}
