package org.staffetta.filter.dkim;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Settings as the configuration would give them: the defaults, and what a test says. */
final class TestSettings {

    private TestSettings() {}

    static Settings defaults() {
        return of(Map.of());
    }

    /** Overrides by the method of the configuration. */
    static Settings of(Map<String, Object> overrides) {
        return Settings.of(configuration(DkimConfig.class, overrides));
    }

    static <T> T configuration(Class<T> type, Map<String, Object> overrides) {
        Map<String, Object> left = new HashMap<>(overrides);
        for (var method : type.getDeclaredMethods()) {
            left.remove(method.getName());
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("no such setting: " + left.keySet());
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, _) -> overrides.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
