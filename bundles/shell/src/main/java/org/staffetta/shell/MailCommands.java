package org.staffetta.shell;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.event.MailTrail;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.queue.Spools;
import org.staffetta.api.session.Sessions;

/** Gives the commands what they need of other bundles, as long as it is there. */
@Component(immediate = true, service = {})
public final class MailCommands {

    private final List<Sessions> listeners = new CopyOnWriteArrayList<>();
    private final List<Chain> chains = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailQueue queue;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Spools spools;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Mailboxes mailboxes;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable ConfigurationAdmin configurations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Plugins plugins;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailTrail trail;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Deployment deployment;

    private @Nullable GogoCommands commands;

    /** Registers them all. */
    @Activate
    public void open(BundleContext context) {
        InstantSource clock = InstantSource.system();
        commands = new GogoCommands(context, List.of(new QueueCommand(this::queue),
                new SessionsCommand(this::listeners, clock),
                new PluginsCommand(context, () -> configurations, this::lent, this::chains),
                new ExplainCommand(() -> Optional.ofNullable(trail), () -> Optional.ofNullable(queue)),
                new SpoolCommand(this::spools), new MailboxCommand(this::mailboxes),
                new PluginCommand(this::deployment),
                new SendCommand(this::listeners, clock),
                new StatusCommand(context, this::listeners, this::queue, this::lent),
                new VersionCommand(context), new StopCommand(context)));
    }

    /** Takes them back. */
    @Deactivate
    public void close() {
        if (commands != null) {
            commands.close();
        }
    }

    /** A listener has come. */
    @Reference(service = Sessions.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addListener(Sessions listener) {
        listeners.add(listener);
    }

    /** A listener has gone. */
    public void removeListener(Sessions listener) {
        listeners.remove(listener);
    }

    /** A listener's filters can be seen. */
    @Reference(service = Chain.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addChain(Chain chain) {
        chains.add(chain);
    }

    /** A listener has gone. */
    public void removeChain(Chain chain) {
        chains.remove(chain);
    }

    private MailQueue queue() {
        MailQueue now = queue;
        if (now == null) {
            throw new IllegalStateException("there is no queue at the moment: is org.staffetta.queue active?");
        }
        return now;
    }

    private Mailboxes mailboxes() {
        Mailboxes now = mailboxes;
        if (now == null) {
            throw new IllegalStateException("there are no mailboxes at the moment: is org.staffetta.mailboxes active?");
        }
        return now;
    }

    private Spools spools() {
        Spools now = spools;
        if (now == null) {
            throw new IllegalStateException(
                    "spools are not looked after at the moment: is org.staffetta.spools active?");
        }
        return now;
    }

    private Deployment deployment() {
        Deployment now = deployment;
        if (now == null) {
            throw new IllegalStateException(
                    "nothing can be deployed at the moment: is org.staffetta.deploy active?");
        }
        return now;
    }

    private List<Plugins.Plugin> lent() {
        Plugins now = plugins;
        return now == null ? List.of() : now.plugins();
    }

    private List<Chain> chains() {
        return chains.stream().sorted(Comparator.comparing(Chain::listener)).toList();
    }

    private List<Sessions> listeners() {
        return listeners.stream().sorted(Comparator.comparing(Sessions::listener)).toList();
    }
}
