package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.staffetta.api.dns.Dns;

/** Gives the command what it needs of others, as long as it is there. */
@Component(service = DkimCommands.class, property = {"osgi.command.scope=mail", "osgi.command.function=dkim",
        "staffetta.command.purpose=makes keys to sign with, and tells whether DNS has them"})
public final class DkimCommands {

    private final List<DkimKey> keys = new CopyOnWriteArrayList<>();
    private final DkimCommand command;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Dns dns;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable ConfigurationAdmin configurations;

    /** Called by the container. */
    @Activate
    public DkimCommands(BundleContext context) {
        command = new DkimCommand(this::keys, () -> dns, DkimKey.folder(context), this::register,
                InstantSource.system());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addKey(DkimKey key) {
        keys.add(key);
    }

    void removeKey(DkimKey key) {
        keys.remove(key);
    }

    /** The Gogo command. */
    public void dkim(String[] arguments) throws IOException {
        command.run(arguments, System.out);
    }

    private List<DkimKey> keys() {
        return keys.stream().sorted(Comparator.comparing(DkimKey::name)).toList();
    }

    // the configuration bundle writes what is new there into its file
    private void register(String name, Map<String, Object> attributes) throws IOException {
        ConfigurationAdmin admin = configurations;
        if (admin == null) {
            throw new IOException("there is no Configuration Admin: enter dkim.key." + name + " by hand");
        }
        admin.getFactoryConfiguration("org.staffetta.dkim.key", name, "?").update(new Hashtable<>(attributes));
    }
}
