package org.staffetta.auth.oauth;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;

/** Issuers as the configuration makes them: the defaults, and what a test says, as in {@code "account.claim=sub"}. */
final class TestIssuer {

    private TestIssuer() {}

    /** One whose keys were looked at. */
    static Issuer in(Path conf, String... overrides) throws InterruptedException {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(TestIssuer.class.getClassLoader(),
                new Class<?>[]{BundleContext.class}, (_, method, _) -> {
                    if (method.getName().equals("getProperty")) {
                        return conf.toString();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        Issuer issuer = new Issuer(context, config(overrides), Map.of("service.pid", "org.staffetta.oauth~example"));
        issuer.look();
        return issuer;
    }

    static IssuerConfig config(String... overrides) {
        Map<String, String> given = new HashMap<>(
                Map.of("issuer", Provider.ISSUER, "audience", "other," + Provider.AUDIENCE, "keys", "keys.json"));
        for (String override : overrides) {
            int equals = override.indexOf('=');
            given.put(override.substring(0, equals), override.substring(equals + 1));
        }
        return (IssuerConfig) Proxy.newProxyInstance(TestIssuer.class.getClassLoader(),
                new Class<?>[]{IssuerConfig.class}, (_, method, _) -> {
                    String text = given.get(method.getName().replace('_', '.'));
                    Object value = method.getReturnType() == String[].class && text != null ? text.split(",") : text;
                    return value == null ? Objects.requireNonNull(method.getDefaultValue()) : value;
                });
    }
}
