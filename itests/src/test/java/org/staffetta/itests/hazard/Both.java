package org.staffetta.itests.hazard;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Address;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** Router and directory in one; has no way to change its configuration but to be made anew, and needs another part. */
@Component(configurationPid = "org.example.both", property = Filter.NAME + "=both")
public class Both implements Router, Directory {

    @Reference(target = "(hazard=needed)")
    private Runnable needed;

    private volatile boolean gone;

    @Deactivate
    void deactivate() {
        gone = true;
    }

    @Override
    public Route route(Address recipient) {
        use();
        return new Route.Unknown();
    }

    @Override
    public DirectoryEntry find(Address address) {
        use();
        return new DirectoryEntry.Foreign();
    }

    private void use() {
        if (gone) {
            throw new IllegalStateException("used after it was deactivated");
        }
        needed.run();
    }
}
