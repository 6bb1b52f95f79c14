package org.staffetta.installer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.feature.FeatureService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the feature files when the framework starts, and follows their changes, which File Install tells of. */
@Component(service = ArtifactInstaller.class, immediate = true)
public final class FeatureInstaller implements ArtifactInstaller, BundleListener, FrameworkListener {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureInstaller.class);

    private final BundleContext context;
    private final Path folder;
    private final FeatureReader reader;
    private final Bundles bundles;
    private final Configurations configurations;
    private boolean begun;

    @Activate
    public FeatureInstaller(BundleContext context, @Reference FeatureService features,
            @Reference ConfigurationAdmin admin) {
        this.context = context;
        Path home = Path.of(context.getProperty("staffetta.home"));
        folder = home.resolve("features");
        reader = new FeatureReader(features);
        bundles = new Bundles(context, home.resolve("bundles"));
        configurations = new Configurations(admin);
        context.addBundleListener(this);
        context.addFrameworkListener(this);
        if (isRunning()) {
            begin();
        }
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(this);
        context.removeFrameworkListener(this);
    }

    private boolean isRunning() {
        return context.getBundle(0).getState() == Bundle.ACTIVE;
    }

    /** All features at once, so that the start order holds among them; File Install would come with one after the other. */
    private synchronized void begin() {
        if (begun) {
            return;
        }
        begun = true;
        try (Stream<Path> files = Files.list(folder)) {
            put(files.filter(file -> canHandle(file.toFile())).sorted().toList());
        } catch (IOException e) {
            LOG.warn("The features in {} cannot be read: {}", folder, e.getMessage());
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(Condition.CONDITION_ID, "staffetta.features");
        properties.put("staffetta.problems", bundles.settle().toArray(String[]::new));
        context.registerService(Condition.class, Condition.INSTANCE, properties);
    }

    private void put(List<Path> files) {
        List<Feature> features = new ArrayList<>();
        for (Path file : files) {
            try {
                features.add(reader.read(file));
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        features.forEach(configurations::put);
        bundles.put(features);
    }

    @Override
    public boolean canHandle(File file) {
        // *.cfg.json is a configuration, of which File Install takes care by itself
        return file.getName().endsWith(".json") && !file.getName().endsWith(".cfg.json");
    }

    @Override
    public void install(File file) {
        begin();
        put(List.of(file.toPath()));
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) {
        bundles.remove(file.getName());
        configurations.remove(file.getName());
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            // not on the framework's thread: others wait for its events
            Thread.ofPlatform().name("features").start(this::begin);
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED && isRunning()) {
            Thread.ofPlatform().name("features").start(() -> bundles.uninstalled(event.getBundle()));
        }
    }
}
