package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
import org.staffetta.api.filter.Filter;

/** Makes bundles of the plug-ins among the tests, and puts them into {@code deploy/}. */
final class Jars {

    private Jars() {}

    /** A bundle of the package of a plug-in, moved into place, so that nobody sees half a jar. */
    static void deploy(Path folder, String name, String version, Class<?> plugin) throws Exception {
        deploy(folder, name, version, plugin, "*");
    }

    /** As above, with what it imports. */
    static void deploy(Path folder, String name, String version, Class<?> plugin, String imports) throws Exception {
        move(build(folder.resolveSibling(name + "-" + version + ".tmp"), name, version, plugin, imports),
                folder.resolve(name + ".jar"));
    }

    /** Puts a jar into its place at once, as if it had been copied now. */
    static void move(Path jar, Path place) throws IOException {
        // bnd dates the file as its newest class, and all versions have the same; a copy would be dated now
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
        Files.move(jar, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A bundle of the package of a plug-in. */
    static Path build(Path jar, String name, String version, Class<?> plugin) throws Exception {
        return build(jar, name, version, plugin, "*");
    }

    private static Path build(Path jar, String name, String version, Class<?> plugin, String imports)
            throws Exception {
        try (Builder builder = new Builder()) {
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "org.example." + name);
            builder.setProperty(Constants.BUNDLE_VERSION, version);
            builder.setProperty(Constants.IMPORT_PACKAGE, imports);
            builder.setProperty(Constants.PRIVATE_PACKAGE, plugin.getPackageName());
            builder.addClasspath(code(plugin).toFile());
            builder.addClasspath(code(Filter.class).toFile());
            try (Jar built = builder.build()) {
                assertThat(builder.getErrors()).isEmpty();
                built.write(jar.toFile());
            }
        }
        return jar;
    }

    /** A copy of a bundle of the server, with another version. */
    static Path again(Path jar, Path bundle, String version) throws Exception {
        try (Jar copy = new Jar(bundle.toFile())) {
            copy.getManifest().getMainAttributes().putValue(Constants.BUNDLE_VERSION, version);
            copy.write(jar.toFile());
        }
        return jar;
    }

    /** A copy of a bundle, beside it, that wants a package in another range. */
    static Path wanting(Path jar, String wanted, String range) throws Exception {
        Path copy = jar.resolveSibling("wanting-" + jar.getFileName());
        try (Jar bundle = new Jar(jar.toFile())) {
            Attributes manifest = bundle.getManifest().getMainAttributes();
            manifest.putValue(Constants.IMPORT_PACKAGE, manifest.getValue(Constants.IMPORT_PACKAGE)
                    .replaceFirst(Pattern.quote(wanted) + ";version=\"[^\"]*\"",
                            wanted + ";version=\"" + range + "\""));
            bundle.write(copy.toFile());
        }
        return copy;
    }

    private static Path code(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
