package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.staffetta.api.deploy.Deployment;

/** Makes bundles of the sample packages. */
final class Jars {

    private Jars() {}

    /** A bundle {@code org.example.<name>} of the package of a class; headers may replace those that bnd makes. */
    static Path jar(Path folder, String name, String version, Class<?> content, Map<String, String> headers)
            throws Exception {
        Path jar = folder.resolve(name + "-" + version + "-" + System.nanoTime() + ".jar");
        try (Builder builder = new Builder()) {
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "org.example." + name);
            builder.setProperty(Constants.BUNDLE_VERSION, version);
            builder.setProperty(Constants.PRIVATE_PACKAGE, content.getPackageName());
            builder.setProperty(Constants.NOEXTRAHEADERS, "true");
            headers.forEach(builder::setProperty);
            builder.addClasspath(code(content).toFile());
            builder.addClasspath(code(Deployment.class).toFile());
            try (Jar built = builder.build()) {
                assertThat(builder.getErrors()).isEmpty();
                built.write(jar.toFile());
            }
        }
        return jar;
    }

    static Path jar(Path folder, String name, String version, Class<?> content) throws Exception {
        return jar(folder, name, version, content, Map.of());
    }

    private static Path code(Class<?> type) throws Exception {
        Path code = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(Files.exists(code)).isTrue();
        return code;
    }
}
