package org.staffetta.log.ready;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** The components that could not begin, for a bad setting above all: their bundles run, but nothing happens. */
final class Failures {
    private static final String OURS = "org.staffetta.";
    private static final Pattern CAUSE = Pattern
            .compile("(?m)^(?:Caused by: )?(?:[\\w.$]+(?:Exception|Error))(?:: (.*))?$");

    private Failures() {}

    /** A line for each. */
    static List<String> of(ServiceComponentRuntime components) {
        return components.getComponentDescriptionDTOs().stream().filter(c -> c.bundle.symbolicName.startsWith(OURS))
                .flatMap(c -> components.getComponentConfigurationDTOs(c).stream())
                .filter(c -> c.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .map(c -> c.description.bundle.symbolicName + " does not run: " + reason(c.failure)).distinct()
                .toList();
    }

    /** The innermost cause in the text of a stack trace, without the name of its class. */
    static String reason(String stackTrace) {
        Matcher matcher = CAUSE.matcher(stackTrace);
        String reason = "log/staffetta.log may say why";
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                reason = matcher.group(1).strip();
            }
        }
        return reason;
    }
}
