package org.staffetta.installer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** A real framework on a temporary folder, and bundles that are nothing but a manifest. */
final class Container {
    private final Framework framework;
    private final Path bundles;

    Container(Path folder) throws BundleException, IOException {
        bundles = Files.createDirectories(folder.resolve("bundles"));
        framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", folder.resolve("cache").toString(),
                        "org.osgi.framework.startlevel.beginning", "20",
                        "org.osgi.framework.bsnversion", "multiple", "staffetta.home", folder.toString()));
        framework.start();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Path folder() {
        return bundles;
    }

    /** Headers are given as name, value, name, value. */
    Path jar(String name, String version, String... headers) throws IOException {
        return jar(bundles.resolve(name + "-" + version + ".jar"), name, version, headers);
    }

    static Path jar(Path jar, String name, String version, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", version.replace('-', '.'));
        for (int i = 0; i < headers.length; i += 2) {
            attributes.putValue(headers[i], headers[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(out, manifest)) {
            content.finish();
        }
        return jar;
    }

    Optional<Bundle> bundle(String name) {
        return Arrays.stream(framework.getBundleContext().getBundles()).filter(b -> name.equals(b.getSymbolicName()))
                .findFirst();
    }

    boolean isActive(String name) {
        return bundle(name).map(b -> b.getState() == Bundle.ACTIVE).orElse(false);
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
