package org.staffetta.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.config.ConfigFolder.Snapshot;
import org.staffetta.config.ConfigFolder.Stamp;
import org.staffetta.config.Plan.Target;

/**
 * Keeps files, schema and Configuration Admin in line. Not for several threads, but for {@link #state()}, {@link #schema()} and {@link #check()};
 * {@link ConfigService} owns the one thread that calls the rest.
 */
final class Configurator {

    private static final Logger LOG = LoggerFactory.getLogger(Configurator.class);

    private final ConfigFolder folder;
    private final String display;
    private final Supplier<Schema> schemas;
    private final Function<Collection<String>, Map<String, String>> overrides;
    private final Publisher publisher;
    private final Consumer<Problem> alarm;

    private volatile State state;
    private volatile Schema schema = Schema.EMPTY;
    private Snapshot judged = new Snapshot(Map.of(), Map.of());
    private @Nullable Snapshot unsettled;
    private @Nullable Stamp seen;
    private boolean unreadable;
    private List<Problem> told = List.of();
    private List<Setting> warned = List.of();

    /** What is running. */
    record State(Snapshot snapshot, Settings settings, Plan plan) {}

    /**
     * Does nothing yet.
     *
     * @param display the folder as people know it, with a final slash
     * @param schemas tells what the installed bundles declare at the moment
     * @param overrides tells what was given at the start of the server, asked with the keys that are known
     * @param alarm is told each reason for which a change was refused
     */
    Configurator(ConfigFolder folder, String display, Supplier<Schema> schemas,
            Function<Collection<String>, Map<String, String>> overrides, Publisher publisher, Consumer<Problem> alarm) {
        this.folder = folder;
        this.display = display;
        this.schemas = schemas;
        this.overrides = overrides;
        this.publisher = publisher;
        this.alarm = alarm;
        try {
            state = new State(judged, Settings.read(judged, display, Map.of()), Plan.EMPTY);
        } catch (RefusedException e) {
            throw new IllegalStateException("nothing is a right configuration", e);
        }
    }

    State state() {
        return state;
    }

    Schema schema() {
        return schema;
    }

    /** Reads the files for the first time. */
    void begin() {
        schema = schemas.get();
        try {
            judged = folder.read();
        } catch (IOException e) {
            tellUnreadable(e);
        }
        apply();
    }

    /** Bundles have come or gone: what they declare is asked again. */
    void refreshSchema() {
        schema = schemas.get();
        apply();
    }

    /** Looks whether the files have changed; what has is taken when it reads the same twice: nobody is writing any more. */
    void poll() {
        try {
            Stamp stamp = folder.stamp();
            if (stamp.equals(seen) && unsettled == null && !folder.isRacy(stamp)) {
                return;
            }
            Snapshot now = folder.read();
            unreadable = false;
            seen = stamp;
            Snapshot before = unsettled;
            unsettled = now.sameAs(judged) ? null : now;
            if (unsettled != null && before != null && now.sameAs(before)) {
                judged = now;
                unsettled = null;
                apply();
            }
        } catch (IOException e) {
            seen = null;
            tellUnreadable(e);
        }
    }

    /** Says once which keys nobody claims. Called when the container has come to rest. */
    void warn() {
        List<Setting> unclaimed = state.plan.unclaimed();
        if (!unclaimed.equals(warned) && !unclaimed.isEmpty()) {
            LOG.warn("No installed bundle knows these keys; they are kept until one does: {}",
                    String.join(", ", unclaimed.stream().map(s -> s.origin() + " " + s.key()).toList()));
        }
        warned = unclaimed;
    }

    /** What is wrong with the files as they are on disk now; whose keys nobody claims is not wrong. */
    Plan check() throws RefusedException, IOException {
        Snapshot now = folder.read();
        Schema current = schemas.get();
        return plan(read(now, current), now, current);
    }

    /**
     * Changes keys in the files and makes that the running configuration; null takes a key out.
     *
     * @throws RefusedException if the result is not allowed; nothing has changed
     * @throws IOException if a file cannot be written or was changed by somebody else
     */
    void change(Map<String, @Nullable String> changes) throws RefusedException, IOException {
        if (!state.snapshot.files().containsKey(ConfigFolder.MAIN)) {
            throw new IOException("the files have not been right since the start; config check says why");
        }
        Settings changed = state.settings.with(changes);
        Plan plan = plan(changed, state.snapshot, schema);
        Map<String, byte[]> files = new LinkedHashMap<>(state.snapshot.files());
        for (Map.Entry<String, byte[]> e : changed.changesTo(state.snapshot).entrySet()) {
            folder.replace(e.getKey(), state.snapshot.files().getOrDefault(e.getKey(), new byte[0]), e.getValue());
            files.put(e.getKey(), e.getValue());
        }
        judged = new Snapshot(files, state.snapshot.secrets());
        publish(new State(judged, changed, plan));
    }

    /** A configuration of that PID was changed or deleted, perhaps by somebody else. */
    void reconcile(String pid, @Nullable String factoryPid) {
        Optional<Kind> kind = schema.ofPid(factoryPid == null ? pid : factoryPid);
        if (kind.isEmpty()) {
            return;
        }
        try {
            try {
                reconcile(kind.get(), pid);
            } finally {
                restore(pid);
            }
        } catch (RefusedException e) {
            tell(e.problems());
        } catch (IOException e) {
            tell(List.of(
                    new Problem(display + ConfigFolder.MAIN, "", "the change of " + pid + " is not kept: " + why(e))));
        }
    }

    // What the files say counts: whatever was refused or is not in its normal form goes, also what they do not know at all.
    private void restore(String pid) throws IOException {
        Target planned = state.plan.targets().get(pid);
        if (planned != null) {
            publisher.publish(planned);
        } else {
            publisher.withdraw(pid);
        }
    }

    private void reconcile(Kind kind, String pid) throws RefusedException, IOException {
        WriteBack back = new WriteBack(state.settings, state.plan);
        Target planned = state.plan.targets().get(pid);
        Optional<Configuration> actual = publisher.find(pid);
        if (actual.isPresent() && !Publisher.isFileInstalls(actual.get())) {
            String instance = kind.factory() ? back.instanceName(kind, pid) : "";
            commit(back.updated(kind, instance, actual.get().getProperties()));
        } else if (actual.isEmpty() && planned != null) {
            commit(back.deleted(planned));
        }
    }

    private void commit(Map<String, @Nullable String> changes) throws RefusedException, IOException {
        if (!changes.isEmpty()) {
            change(changes);
            LOG.info("Changed in {}: {}", display + ConfigFolder.MAIN, String.join(", ", changes.keySet()));
        }
    }

    private void apply() {
        try {
            Settings settings = read(judged, schema);
            Plan plan = plan(settings, judged, schema);
            told = List.of();
            publish(new State(judged, settings, plan));
            folder.keep(judged);
        } catch (RefusedException e) {
            tell(e.problems());
        }
    }

    private void publish(State next) {
        Plan before = state.plan;
        state = next;
        try {
            int changes = publisher.publish(before, next.plan, schema);
            if (changes > 0) {
                LOG.info("The configuration is taken from {}, parts that changed: {}", display, changes);
            }
        } catch (IOException e) {
            tell(List.of(new Problem("Configuration Admin", "", "does not take the configuration: " + why(e))));
        }
    }

    private Settings read(Snapshot snapshot, Schema known) throws RefusedException {
        Settings inFiles = Settings.read(snapshot, display, Map.of());
        Collection<String> keys = new TreeSet<>();
        inFiles.effective().forEach(s -> keys.add(s.key()));
        known.kinds().forEach(kind -> kind.attributes().keySet().forEach(attribute -> {
            keys.add(attribute);
            keys.add(kind.prefix() + "." + attribute);
        }));
        return Settings.read(snapshot, display, overrides.apply(keys));
    }

    private static Plan plan(Settings settings, Snapshot snapshot, Schema known) throws RefusedException {
        Map<String, String> secrets = new TreeMap<>();
        snapshot.secrets().forEach((name, octets) -> secrets.put(name, secret(octets)));
        return Plan.of(settings, known, new Variables(System::getenv, secrets::get));
    }

    // editors end the last line of a file; a password has no line end
    private static String secret(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8).replaceFirst("\r?\n\\z", "");
    }

    // once, not with every look at the folder
    private void tellUnreadable(IOException e) {
        if (!unreadable) {
            unreadable = true;
            String text = e instanceof NoSuchFileException ? "is not there" : "cannot be read: " + why(e);
            report(new Problem(display + ConfigFolder.MAIN, "", text + "; the running configuration stays"));
        }
    }

    private static String why(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    // The same trouble is told once, although bundles that come and go let it be judged anew.
    private void tell(List<Problem> problems) {
        if (!problems.equals(told)) {
            told = List.copyOf(problems);
            problems.forEach(this::report);
        }
    }

    private void report(Problem problem) {
        LOG.error("{}", problem);
        alarm.accept(problem);
    }
}
