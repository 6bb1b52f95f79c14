package org.staffetta.acme;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;

/** Settings as Metatype would give them: the defaults, but for what is named. */
final class Configs {

    private Configs() {}

    /** Names are those of the methods: {@code http_port}. */
    static Settings settings(Map<String, Object> values) {
        return Settings.of(config(AcmeConfig.class, values));
    }

    static Order order(String name, Map<String, Object> values) {
        return Order.of(name, config(OrderConfig.class, values));
    }

    private static <T> T config(Class<T> type, Map<String, Object> values) {
        for (String name : values.keySet()) {
            if (Arrays.stream(type.getMethods()).map(Method::getName).noneMatch(name::equals)) {
                throw new IllegalArgumentException(name);
            }
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, _) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
