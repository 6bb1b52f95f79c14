package org.staffetta.plugins;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.plugin.Admission;
import org.staffetta.api.plugin.Plugins;

/**
 * Ties the registry to the services of the container.
 *
 * <p>{@link Plugins} is registered by hand, before the services are followed: some of those that are followed need it themselves, and to follow
 * a service is to activate it.
 */
@Component(service = {}, immediate = true, configurationPid = "org.staffetta.plugins")
@Designate(ocd = PluginsConfig.class)
public final class PluginsComponent {

    private static final Logger LOG = LoggerFactory.getLogger(PluginsComponent.class);

    private final Registry registry = new Registry();
    private final Map<String, PluginSettings> named = new ConcurrentHashMap<>();
    private final Map<Long, Gate> gates = new ConcurrentHashMap<>();
    private final List<PluginTracker<?>> trackers = new ArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final ScheduledThreadPoolExecutor timer;
    private volatile PluginsConfig config;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailEvents events;

    /** Called by the container. */
    @Activate
    public PluginsComponent(PluginsConfig config) {
        this.config = config;
        // a platform thread: it must run when virtual ones stand still
        timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("staffetta-plugin-deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Begins to lend. */
    @Activate
    void open(BundleContext context) {
        Settings settings = new Settings(() -> config, name -> {
            PluginSettings own = named.get(name);
            return own == null ? null : own.config();
        });
        registrations
                .add(context.registerService(WeavingHook.class, new Weaver(Origin::isForeign, settings::memory), null));
        registrations.add(context.registerService(new String[]{Plugins.class.getName(), Admission.class.getName()},
                registry, null));
        PluginTracker.Watch watch = new PluginTracker.Watch(new Warden(timer), timer);
        for (Kind<?> kind : Kind.ALL) {
            trackers.add(new PluginTracker<>(context, registry, gates, kind, settings, watch, this::tell));
        }
        trackers.forEach(PluginTracker::open);
        timer.scheduleWithFixedDelay(() -> registry.tellOverdue(settings.leaseAlarm(), this::tell), 1, 1,
                TimeUnit.SECONDS);
    }

    /** Other settings hold from the next call on. */
    @Modified
    void modified(PluginsConfig changed) {
        config = changed;
    }

    // first those who lease, so that they still can until their last transaction has ended
    @Deactivate
    void close() {
        registrations.reversed().forEach(ServiceRegistration::unregister);
        trackers.forEach(PluginTracker::close);
        timer.shutdownNow();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSettings(PluginSettings settings) {
        named.put(settings.name(), settings);
    }

    void removeSettings(PluginSettings settings) {
        named.remove(settings.name(), settings);
    }

    private void tell(Guard.Notice notice) {
        LOG.warn("{} {}", notice.plugin(), notice.text());
        MailEvents target = events;
        if (target != null) {
            target.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", notice.plugin(), "breaker", notice.breaker(), "reason", notice.text())));
        }
    }
}
