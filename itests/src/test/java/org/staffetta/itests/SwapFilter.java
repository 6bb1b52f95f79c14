package org.staffetta.itests;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.staffetta.itests.Swaps.Swap;
import org.staffetta.itests.plugin.SubjectFilter;

/** A filter that all mail passes, replaced by each of the means that there are. */
final class SwapFilter {

    /** How the kinds begin that put one version in the place of another: those that may cause no pause to speak of. */
    static final String KIND = "filter: ";

    private static final String NAME = "subject";
    private static final String BUNDLE = "org.example." + NAME;
    private static final Pattern FILTERS = Pattern
            .compile("\"type\":\"filter\",\"name\":\"([^\"]*)\".*?\"version\":\"([^\"]*)\"");

    private final Server server;
    private final Path place;
    private final Path workshop;

    /** @param workshop a folder for jars, on the same disk as the data */
    SwapFilter(Server server, Path workshop) {
        this.server = server;
        this.place = place(server.data().resolve("deploy"));
        this.workshop = workshop;
    }

    /** Puts the first version into the folder of a server that is to start. */
    static void deploy(Path folder) throws Exception {
        Path jar = Jars.build(folder.resolveSibling(NAME + ".tmp"), NAME, "1.0.0", SubjectFilter.class);
        Jars.move(jar, place(folder));
    }

    // the name that a command would give it
    private static Path place(Path folder) {
        return folder.resolve(BUNDLE + ".jar");
    }

    List<Swap> all() {
        return List.of(new Swap(KIND + "a jar over the jar", this::overwrite),
                new Swap(KIND + "plugin update", this::update), new Swap(KIND + "plugin rollback", this::rollBack),
                new Swap(KIND + "upload to the console", this::upload),
                new Swap("filter removed, and installed again", this::reinstall));
    }

    private Swaps.Action overwrite(int round) throws Exception {
        String version = version(round);
        Path jar = jar(version);
        return () -> {
            Jars.move(jar, place);
            awaitOnly(version);
        };
    }

    private Swaps.Action update(int round) throws Exception {
        String version = version(round);
        Path jar = jar(version);
        return () -> {
            Swaps.ask(server, "plugin", "update", jar.toString());
            awaitOnly(version);
        };
    }

    private Swaps.Action rollBack(int round) throws Exception {
        String before = versions(server, NAME).getFirst();
        Swaps.ask(server, "plugin", "update", jar(version(round)).toString());
        return () -> {
            Swaps.ask(server, "plugin", "rollback", BUNDLE);
            awaitOnly(before);
        };
    }

    private Swaps.Action upload(int round) throws Exception {
        String version = version(round);
        Path jar = jar(version);
        // it may be on its way back from having been replaced itself
        SwapConsole console = Swaps.patiently().ignoreException(ConnectException.class)
                .until(() -> new SwapConsole(server), Objects::nonNull);
        return () -> {
            console.update(jar, BUNDLE + " " + version + " serves");
            awaitOnly(version);
        };
    }

    /** There is a moment without it, in which all mail waits: it is named in the listener's filters. */
    private Swaps.Action reinstall(int round) throws Exception {
        String version = version(round);
        Path jar = jar(version);
        return () -> {
            Swaps.ask(server, "plugin", "remove", BUNDLE);
            Swaps.ask(server, "plugin", "install", jar.toString());
            awaitOnly(version);
        };
    }

    private static String version(int round) {
        return "1." + round + ".0";
    }

    private Path jar(String version) throws Exception {
        return Jars.build(Files.createTempFile(workshop, NAME, ".jar"), NAME, version, SubjectFilter.class);
    }

    /** Done when the version before has ended what it had begun. */
    private void awaitOnly(String version) {
        Swaps.patiently().until(() -> versions(server, NAME).equals(List.of(version)));
    }

    /** The versions of a filter that are there. */
    static List<String> versions(Server server, String filter) {
        return FILTERS.matcher(Swaps.ask(server, "plugins", "--json")).results()
                .filter(found -> found.group(1).equals(filter)).map(found -> found.group(2)).toList();
    }
}
