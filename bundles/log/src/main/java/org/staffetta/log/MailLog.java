package org.staffetta.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEventListener;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.event.MailTrail;

/** Hands events to the mail log and to every listener, each on a lane of its own; and reads the mail log. */
@Component(configurationPid = "org.staffetta.log", immediate = true)
@Designate(ocd = Settings.class)
public final class MailLog implements MailEvents, MailTrail {
    private final Path data;
    private final LogWriter writer;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final Map<MailEventListener, Lane> listeners = new ConcurrentHashMap<>();
    private volatile int capacity;
    private volatile Path file;

    @Activate
    public MailLog(BundleContext context, Settings settings) {
        data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"));
        capacity = settings.queue();
        file = data.resolve(settings.file());
        writer = new LogWriter(target(settings));
        lanes.add(new Lane("staffetta-mail-log", capacity, writer));
        if (Boolean.parseBoolean(context.getProperty("staffetta.foreground"))) {
            // a terminal may stand still, but must not hold up the file
            lanes.add(new Lane("staffetta-terminal", capacity, new LogWriter(terminal())));
        }
    }

    @Modified
    void modified(Settings settings) {
        capacity = settings.queue(); // for lanes to come: those that run keep what they have
        file = data.resolve(settings.file());
        writer.change(target(settings));
    }

    @Deactivate
    void deactivate() {
        listeners.values().forEach(Lane::close);
        lanes.forEach(Lane::close);
        writer.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(MailEventListener listener) {
        Lane lane = new Lane("staffetta-events-" + listener.getClass().getSimpleName(), Math.max(100, capacity),
                listener::onEvent);
        listeners.put(listener, lane);
        lanes.add(lane);
    }

    void removeListener(MailEventListener listener) {
        Lane lane = listeners.remove(listener);
        if (lane != null) {
            lanes.remove(lane);
            lane.close();
        }
    }

    @Override
    public void publish(MailEvent event) {
        for (Lane lane : lanes) {
            lane.offer(event);
        }
    }

    @Override
    public List<MailEvent> find(String id) throws IOException {
        return new Trail(file).find(id);
    }

    private LogWriter.Target target(Settings settings) {
        InstantSource clock = InstantSource.system();
        LineFormat format = settings.format().equals("json")
                ? new JsonFormat(clock)
                : TextFormat.full(settings.hostname(), ProcessHandle.current().pid(), ZoneId.systemDefault(), clock);
        return new LogWriter.Target(format,
                new LogFile(data.resolve(settings.file()), settings.max_size(), settings.keep()));
    }

    private static LogWriter.Target terminal() {
        return new LogWriter.Target(TextFormat.brief(ZoneId.systemDefault(), InstantSource.system()),
                new Terminal(System.out));
    }
}
