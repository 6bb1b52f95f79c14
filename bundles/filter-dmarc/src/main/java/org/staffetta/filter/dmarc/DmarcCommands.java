package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.time.InstantSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Gives the command its folder. */
@Component(service = DmarcCommands.class, property = {"osgi.command.scope=mail", "osgi.command.function=dmarc",
        "staffetta.command.purpose=shows what others report of mail in the name of our domains"})
public final class DmarcCommands {

    private final DmarcCommand command;

    /** Called by the container. */
    @Activate
    public DmarcCommands(BundleContext context) {
        InstantSource clock = InstantSource.system();
        command = new DmarcCommand(new ReportStore(Incoming.folder(context), clock), clock);
    }

    /** The Gogo command. */
    public void dmarc(String[] arguments) throws IOException {
        command.run(arguments, System.out);
    }
}
