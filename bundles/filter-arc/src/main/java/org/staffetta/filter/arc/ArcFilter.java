package org.staffetta.filter.arc;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** The filter {@code arc}: verifies, tells what it found, and objects to nothing. */
@Component(configurationPid = "org.staffetta.arc", property = Filter.NAME + "=arc", immediate = true)
@Designate(ocd = ArcConfig.class)
public final class ArcFilter implements Filter {

    /** The method in findings (RFC 8617 section 10.1). */
    static final String METHOD = "arc";

    private static final Logger LOG = LoggerFactory.getLogger(ArcFilter.class);

    private final Path conf;
    private volatile Settings settings;

    /** Begins with these settings. */
    @Activate
    public ArcFilter(BundleContext context, ArcConfig config) {
        conf = folder(context);
        settings = Settings.of(config, conf);
    }

    @Modified
    void change(ArcConfig config) {
        try {
            settings = Settings.of(config, conf);
        } catch (IllegalArgumentException e) {
            LOG.error("arc: {}; the settings from before hold", e.getMessage());
        }
    }

    @Override
    public Transaction begin(FilterContext context) {
        Trust trust = new Trust(settings.trusted());
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                ChainResult chain = new Validator(context.dns()).validate(message);
                String client = context.session().client().getAddress().getHostAddress();
                return new Verdict.Proceed(List.of(), List.of(finding(chain, trust, client)));
            }
        };
    }

    /** What is told of a chain; see the package for the properties. */
    static Finding finding(ChainResult chain, Trust trust, String client) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (!chain.reason().isEmpty()) {
            properties.put("reason", chain.reason());
        }
        // RFC 8617 section 10.2
        properties.put("smtp.remote-ip", client);
        if (chain.status() == ChainResult.Status.PASS) {
            properties.put("header.oldest-pass", Integer.toString(chain.oldestPass()));
            properties.put("chain", chain.sets().reversed().stream().map(ArcFilter::signatory)
                    .collect(Collectors.joining(" ")));
        }
        trust.believed(chain).ifPresent(set -> {
            properties.put("sealer", set.sealer());
            properties.put("sealer-instance", Integer.toString(set.instance()));
            properties.put("sealer-results", set.told());
        });
        return new Finding(METHOD, chain.status().word(), properties);
    }

    /** Where the configuration is. */
    static Path folder(BundleContext context) {
        return Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf")).toAbsolutePath();
    }

    // the seals of a chain that passes have a domain and a selector
    private static String signatory(ArcSet set) {
        return set.instance() + ":" + set.sealer() + ":" + set.seal().tags().get("s").orElse("");
    }
}
