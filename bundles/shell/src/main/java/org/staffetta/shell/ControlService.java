package org.staffetta.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the control socket open while there is a Gogo runtime. */
@Component(immediate = true, service = {})
public final class ControlService {

    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private final @Nullable ControlDoor door;

    /** Opens it. Without it mail flows all the same: it says why, and that is all. */
    @Activate
    public ControlService(BundleContext context, @Reference CommandProcessor processor, @Reference ThreadIO streams) {
        Path data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data")).toAbsolutePath();
        ControlDoor opened = null;
        try {
            opened = new ControlDoor(data, new GogoShell(processor, streams));
        } catch (IOException e) {
            LOG.error("There is no control socket: {}", e.getMessage() == null ? e.toString() : e.getMessage());
        }
        door = opened;
    }

    /** Closes it. */
    @Deactivate
    public void close() throws IOException {
        if (door != null) {
            door.close();
        }
    }
}
