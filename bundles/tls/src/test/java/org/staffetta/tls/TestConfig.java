package org.staffetta.tls;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Settings as the configuration would give them: the defaults, and what a test says, as in {@code "handshake.timeout=1s"}. */
final class TestConfig {

    private TestConfig() {}

    static Settings settings(String... overrides) {
        return Settings.of(config(overrides));
    }

    static TlsConfig config(String... overrides) {
        Map<String, String> given = new HashMap<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            given.put(override.substring(0, equals), override.substring(equals + 1));
        }
        return (TlsConfig) Proxy.newProxyInstance(TestConfig.class.getClassLoader(), new Class<?>[]{TlsConfig.class},
                (_, method, _) -> {
                    String text = given.get(method.getName().replace('_', '.'));
                    return text == null ? method.getDefaultValue() : value(method.getReturnType(), text);
                });
    }

    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        return type == String[].class ? text.split(",") : text;
    }
}
