package org.staffetta.directory.ldap;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Settings as the configuration would give them: the defaults, and what a test says. */
final class TestConfig {

    private TestConfig() {}

    /** {@code "cache.ttl=5s"}; a list is separated by commas and blanks. */
    static DirectoryConfig of(String... overrides) {
        Map<String, String> given = new HashMap<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            String key = override.substring(0, equals).replace('.', '_');
            if (Arrays.stream(DirectoryConfig.class.getMethods()).noneMatch(one -> one.getName().equals(key))) {
                throw new IllegalArgumentException("no such setting: " + override);
            }
            given.put(key, override.substring(equals + 1));
        }
        return (DirectoryConfig) Proxy.newProxyInstance(TestConfig.class.getClassLoader(),
                new Class<?>[]{DirectoryConfig.class}, (_, method, _) -> {
                    String text = given.get(method.getName());
                    return text == null ? method.getDefaultValue() : value(method.getReturnType(), text);
                });
    }

    static Settings settings(String... overrides) {
        return Settings.of(of(overrides), Path.of("."));
    }

    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        if (type == boolean.class) {
            return Boolean.valueOf(text);
        }
        return type == String[].class ? text.isEmpty() ? new String[0] : text.split(", ") : text;
    }
}
