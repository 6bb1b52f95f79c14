package org.staffetta.log.ready;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class FailuresTest {

    private static String trace(Throwable thrown) {
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void the_innermost_cause_is_the_reason() {
        Throwable thrown = new InvocationTargetException(
                new IllegalArgumentException("retry.max: 'lots' is not a duration"));
        assertThat(Failures.reason(trace(thrown))).isEqualTo("retry.max: 'lots' is not a duration");
        assertThat(Failures.reason(trace(new IllegalStateException("plain")))).isEqualTo("plain");
    }

    @Test
    void a_cause_that_says_nothing_leads_to_the_log() {
        assertThat(Failures.reason(trace(new NullPointerException()))).isEqualTo("log/staffetta.log may say why");
    }

    @Test
    void only_our_components_that_failed_are_told() {
        assertThat(Failures.of(runtime(
                component("org.staffetta.queue", ComponentConfigurationDTO.FAILED_ACTIVATION, "X.YException: bad"),
                component("org.staffetta.dns", ComponentConfigurationDTO.ACTIVE, ""),
                component("org.staffetta.relay", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, ""),
                component("org.example", ComponentConfigurationDTO.FAILED_ACTIVATION, "X.YException: other"))))
                .containsExactly("org.staffetta.queue does not run: bad");
    }

    private static ComponentConfigurationDTO component(String bundle, int state, String failure) {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.bundle = new BundleDTO();
        description.bundle.symbolicName = bundle;
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.description = description;
        configuration.state = state;
        configuration.failure = failure;
        return configuration;
    }

    private static ServiceComponentRuntime runtime(ComponentConfigurationDTO... configurations) {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(FailuresTest.class.getClassLoader(),
                new Class<?>[]{ServiceComponentRuntime.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getComponentDescriptionDTOs" ->
                        List.of(configurations).stream().map(c -> c.description).toList();
                    case "getComponentConfigurationDTOs" ->
                        List.of(configurations).stream().filter(c -> c.description == arguments[0]).toList();
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }
}
