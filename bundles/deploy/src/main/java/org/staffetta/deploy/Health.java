package org.staffetta.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.SelfCheck;

/** Looks whether a bundle that was started works. */
final class Health {

    /** For a service that a component lacks, and that may be on its way. */
    private static final Duration FOR_REFERENCES = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    Health(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    /**
     * Sees that the bundle's components were activated, but for those that lack nothing but a configuration.
     *
     * @return how many components it has, in words
     * @throws DeploymentException if one was not; the message says which and why
     */
    String awaitComponents(Bundle bundle, Duration patience) throws DeploymentException {
        // a component with a service is activated when the service is asked for first
        Bounded.run("a component does not start", patience, () -> {
            touchServices(bundle);
            return true;
        });
        long end = System.nanoTime() + FOR_REFERENCES.toNanos();
        List<String> unsatisfied = unsatisfied(bundle);
        while (!unsatisfied.isEmpty() && System.nanoTime() < end) {
            pause();
            unsatisfied = unsatisfied(bundle);
        }
        if (!unsatisfied.isEmpty()) {
            throw new UnresolvedException(unsatisfied.getFirst());
        }
        int count = components.getComponentDescriptionDTOs(bundle).size();
        return count == 1 ? "1 component" : count + " components";
    }

    /**
     * Has the bundle check itself.
     *
     * @return what there was to do, in words
     * @throws DeploymentException if it says that it does not work
     */
    String check(Bundle bundle, Duration patience) throws DeploymentException {
        int count = 0;
        for (ServiceReference<?> reference : services(bundle)) {
            boolean isCheck = Arrays.asList((String[]) reference.getProperty(Constants.OBJECTCLASS))
                    .contains(SelfCheck.class.getName());
            if (isCheck) {
                count++;
                Bounded.run("its check of itself says", patience, () -> {
                    check(reference);
                    return true;
                });
            }
        }
        return count == 0 ? "it has none" : "all is well";
    }

    private void check(ServiceReference<?> reference) throws Exception {
        if (context.getService(reference) instanceof SelfCheck check) {
            try {
                check.check();
            } finally {
                context.ungetService(reference);
            }
        }
    }

    private void touchServices(Bundle bundle) {
        for (ServiceReference<?> reference : services(bundle)) {
            if (reference.getProperty("component.id") != null && context.getService(reference) != null) {
                context.ungetService(reference);
            }
        }
    }

    private static ServiceReference<?>[] services(Bundle bundle) {
        return Objects.requireNonNullElse(bundle.getRegisteredServices(), new ServiceReference<?>[0]);
    }

    private List<String> unsatisfied(Bundle bundle) throws DeploymentException {
        List<String> unsatisfied = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
            for (ComponentConfigurationDTO instance : components.getComponentConfigurationDTOs(description)) {
                if (instance.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    throw new DeploymentException(
                            "the component " + description.name + " does not start: " + rootCause(instance.failure));
                }
                if (instance.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                    unsatisfied
                            .add("the component " + description.name + " lacks " + references(description, instance));
                }
            }
        }
        return unsatisfied;
    }

    private static String references(ComponentDescriptionDTO description, ComponentConfigurationDTO instance) {
        return Arrays.stream(instance.unsatisfiedReferences)
                .map(missing -> service(description, missing.name)
                        + (missing.target == null ? "" : " " + missing.target))
                .collect(Collectors.joining(", ", "the service ", ", which nobody offers"));
    }

    private static String service(ComponentDescriptionDTO description, String reference) {
        return Arrays.stream(description.references).filter(one -> reference.equals(one.name))
                .map(one -> one.interfaceName).findFirst().orElse(reference);
    }

    // a stack trace as text: its last cause is the true one
    private static String rootCause(@Nullable String trace) {
        if (trace == null) {
            return "it does not say why";
        }
        String mark = "Caused by: ";
        int last = trace.lastIndexOf(mark);
        return Bounded.firstLine(last < 0 ? trace : trace.substring(last + mark.length()));
    }

    private static void pause() throws DeploymentException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeploymentException("the server stops", e);
        }
    }
}
