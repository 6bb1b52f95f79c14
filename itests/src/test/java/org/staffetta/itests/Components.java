package org.staffetta.itests;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Makes components of bundles without a container: by their public constructors, with settings that are the defaults but for those given. */
final class Components {

    private Components() {}

    /** @param settings by their keys */
    static <T> T make(Class<T> type, Map<String, Object> settings) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getConstructors()[0];
        Object[] arguments = Arrays.stream(constructor.getParameterTypes()).map(one -> argument(one, settings))
                .toArray();
        return type.cast(constructor.newInstance(arguments));
    }

    /** Gives a component another. */
    static void bind(Object component, String method, Object other) throws ReflectiveOperationException {
        Method bind = component.getClass().getDeclaredMethod(method, other.getClass());
        bind.setAccessible(true);
        bind.invoke(component, other);
    }

    private static Object argument(Class<?> type, Map<String, Object> settings) {
        if (type == Map.class) {
            return new HashMap<>(settings);
        }
        InvocationHandler answers = type.isAnnotation()
                ? (_, method, _) -> settings.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue())
                : (_, _, _) -> null;
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, answers);
    }
}
