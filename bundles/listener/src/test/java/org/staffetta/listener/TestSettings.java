package org.staffetta.listener;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Settings as the configuration would give them: the defaults, a free port, and what a test says. */
final class TestSettings {

    private TestSettings() {}

    /** Overrides are given as in the configuration file: {@code "max.recipients=2"}; a list is comma-separated. */
    static ListenerConfiguration configuration(String... overrides) {
        Map<String, String> given = new HashMap<>(
                Map.of("port", "0", "hostname", "mx.demo.test", "wait.for.plugin", "0", "error.delay", "0",
                        "drain.timeout", "5"));
        return configuration(ListenerConfiguration.class, given, overrides);
    }

    /** What the operator wants of a filter. */
    static FilterConfiguration filter(String... overrides) {
        return configuration(FilterConfiguration.class, new HashMap<>(), overrides);
    }

    /** A tenant. */
    static TenantConfiguration tenant(String... overrides) {
        return configuration(TenantConfiguration.class, new HashMap<>(), overrides);
    }

    private static <T> T configuration(Class<T> type, Map<String, String> given, String... overrides) {
        for (String override : overrides) {
            int equals = override.indexOf('=');
            given.put(override.substring(0, equals).strip(), override.substring(equals + 1).strip());
        }
        for (String key : given.keySet()) {
            requireAttribute(type, key);
        }
        return type.cast(Proxy.newProxyInstance(TestSettings.class.getClassLoader(), new Class<?>[]{type},
                (_, method, _) -> {
                    String text = given.get(method.getName().replace('_', '.'));
                    return text == null ? method.getDefaultValue() : value(method.getReturnType(), text);
                }));
    }

    static Settings of(String... overrides) {
        return Settings.of("smtp", configuration(overrides));
    }

    private static void requireAttribute(Class<?> type, String key) {
        try {
            type.getMethod(key.replace('.', '_'));
        } catch (NoSuchMethodException unknown) {
            throw new IllegalArgumentException("no such setting: " + key, unknown);
        }
    }

    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        if (type == boolean.class) {
            return Boolean.valueOf(text);
        }
        if (type == long.class) {
            return Long.valueOf(text);
        }
        if (type == String[].class) {
            return text.isEmpty() ? new String[0] : text.split(",");
        }
        return text;
    }
}
