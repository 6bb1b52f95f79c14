package org.staffetta.mda;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Plugins;

/** The MDA as a service, with its settings. */
@Component(configurationPid = "org.staffetta.mda", immediate = true, property = "staffetta.name=mda")
@Designate(ocd = Mda.Settings.class)
public final class Mda implements Transport {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Plugins plugins;
    private volatile LocalDelivery delivery;

    /** Settings of the MDA. */
    @ObjectClassDefinition(name = "MDA", description = "Delivers mail into the mailboxes of own accounts.")
    public @interface Settings {

        /** The order of directories. */
        @AttributeDefinition(name = "Directories", description = "The directories to ask, by name, in their order; * stands for all others")
        String[] directories() default {"file", "*"};
    }

    /** Starts to deliver. */
    @Activate
    public Mda(Settings settings, @Reference Plugins plugins) {
        this.plugins = plugins;
        this.delivery = create(settings);
    }

    /** New settings: deliveries that run end as they began. */
    @Modified
    void modified(Settings settings) {
        delivery = create(settings);
    }

    @Override
    public Map<Recipient, Outcome> deliver(Attempt attempt) throws IOException, InterruptedException {
        return delivery.deliver(attempt);
    }

    private LocalDelivery create(Settings settings) {
        List<String> order = Arrays.stream(settings.directories()).map(String::strip).filter(name -> !name.isEmpty())
                .toList();
        return new LocalDelivery(plugins, order.isEmpty() ? List.of(Plugins.OTHERS) : order, PATIENCE);
    }
}
