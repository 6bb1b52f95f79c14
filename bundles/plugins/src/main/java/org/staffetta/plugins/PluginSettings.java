package org.staffetta.plugins;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** What the operator wants for the plug-ins of one name: one for each configuration of the factory. */
@Component(service = PluginSettings.class, configurationPid = "org.staffetta.plugin", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PluginConfig.class, factory = true)
public final class PluginSettings {

    private final String name;
    private volatile PluginConfig config;

    /** Called by the container. */
    @Activate
    public PluginSettings(PluginConfig config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.config = config;
    }

    @Modified
    void modified(PluginConfig changed) {
        config = changed;
    }

    String name() {
        return name;
    }

    PluginConfig config() {
        return config;
    }
}
