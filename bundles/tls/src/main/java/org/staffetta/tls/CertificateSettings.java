package org.staffetta.tls;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** What the operator says of one certificate: {@code certificate.<name>.*}. */
@Component(service = CertificateSettings.class, configurationPid = "org.staffetta.certificate", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CertificateConfig.class, factory = true)
public final class CertificateSettings {

    private final String name;
    private volatile IdentityFiles files;

    /** With the first settings. */
    @Activate
    public CertificateSettings(CertificateConfig config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.files = files(config);
    }

    @Modified
    void modified(CertificateConfig config) {
        files = files(config);
    }

    String name() {
        return name;
    }

    /** Where it is, as of now. */
    IdentityFiles files() {
        return files;
    }

    private static IdentityFiles files(CertificateConfig config) {
        return new IdentityFiles(config.file().strip(), config.key().strip(), config.password());
    }
}
