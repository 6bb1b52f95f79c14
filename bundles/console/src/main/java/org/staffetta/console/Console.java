package org.staffetta.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens HTTP where the settings say, puts the guard in front of the console, and tells where it is. */
@Component(immediate = true, service = {SecurityProvider.class,
        Supplier.class}, configurationPid = "org.staffetta.console", property = {
                SecurityProvider.PROPERTY_ID + "=" + Console.PROVIDER, "staffetta.announce=console"})
@Designate(ocd = Settings.class)
public final class Console implements SecurityProvider, Supplier<List<String>> {
    /** The console does not open without it: see conf/container.properties. */
    static final String PROVIDER = "org.staffetta.console";

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String HTTP = "org.apache.felix.http";
    private static final String PATH = "system/console";

    private final ConfigurationAdmin admin;
    private final Path file;
    private final Guard guard;
    private volatile String fresh;
    private volatile String trouble = "";
    private volatile String url = "";

    /**
     * Begins.
     *
     * @throws IOException if there is no password to guard it with
     */
    @Activate
    public Console(BundleContext context, Settings settings, @Reference ConfigurationAdmin admin) throws IOException {
        this.admin = admin;
        Path data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data")).toAbsolutePath();
        file = data.resolve("console.password");
        SecureRandom random = new SecureRandom();
        PasswordFile password = PasswordFile.open(file, random);
        fresh = password.fresh();
        guard = new Guard(new Gate(password.hash(), random, System::nanoTime));
        open(settings);
    }

    @Modified
    void modified(Settings settings) {
        open(settings);
    }

    @Deactivate
    void deactivate() {
        close();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, updated = "setRuntime")
    void setRuntime(HttpServiceRuntime runtime, Map<String, Object> properties) {
        String[] endpoints = (String[]) properties.getOrDefault(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT,
                new String[0]);
        url = endpoints.length == 0 ? "" : endpoints[0] + PATH;
    }

    void unsetRuntime(HttpServiceRuntime runtime) {
        url = "";
    }

    /** Where it is, for the notice that the server is ready; the password when it has just been made, but only the first time. */
    @Override
    public List<String> get() {
        if (!trouble.isEmpty()) {
            return List.of("", "Console   " + trouble);
        }
        if (url.isEmpty()) {
            return List.of();
        }
        String user = "          user " + Guard.USER + ", "
                + (fresh.isEmpty()
                        ? "password as shown at the first start (lost? delete " + file + " and start again)"
                        : "password " + fresh + "   (shown only this once)");
        fresh = "";
        return List.of(url, "Console   " + url, user);
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        return guard.authenticate(request, response);
    }

    @Override
    public boolean authorize(Object user, String role) {
        return guard.authorize(user, role);
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        guard.logout(request, response);
    }

    private void open(Settings settings) {
        trouble = trouble(settings.address(), settings.port());
        if (!trouble.isEmpty()) {
            LOG.error("The web console is closed: {}", trouble);
            close();
            return;
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("org.apache.felix.http.host", settings.address());
        properties.put("org.osgi.service.http.port", Integer.toString(settings.port()));
        // for one operator, not for the public
        properties.put("org.apache.felix.http.jetty.threadpool.max", 8);
        properties.put("org.apache.felix.http.jetty.acceptors", 1);
        properties.put("org.apache.felix.http.jetty.selectors", 1);
        try {
            admin.getConfiguration(HTTP, "?").updateIfDifferent(properties);
        } catch (IOException e) {
            LOG.error("The web console is closed: its HTTP settings cannot be stored: {}", e.toString());
        }
    }

    /** Said here in the words of our settings, because the HTTP service would say it in its own, or not at all. */
    private String trouble(String address, int port) {
        try {
            InetAddress host = InetAddress.ofLiteral(address);
            if (!host.isLoopbackAddress()) {
                return "console.address is " + address + ", but must be a loopback address such as 127.0.0.1";
            }
            boolean open = url.startsWith("http://" + authority(address, port) + "/");
            return open ? "" : probe(new InetSocketAddress(host, port));
        } catch (IllegalArgumentException e) {
            return "console.address is \"" + address + "\", but must be a loopback address such as 127.0.0.1";
        }
    }

    private static String probe(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return "";
        } catch (IOException e) {
            return "cannot listen on " + authority(address.getAddress().getHostAddress(), address.getPort()) + ": "
                    + e.getMessage()
                    + "; console.port names another port";
        }
    }

    private static String authority(String address, int port) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }

    private void close() {
        try {
            Configuration configuration = admin.getConfiguration(HTTP, "?");
            configuration.delete();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("{}", HTTP, e);
        }
    }
}
