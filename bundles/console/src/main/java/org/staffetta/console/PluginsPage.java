package org.staffetta.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Progress;
import org.staffetta.console.PluginsView.Notice;

/** The page of plug-ins: lists them, brings them in, goes back, and takes them out. Who may see it is the {@link Guard}'s affair. */
@Component(service = Servlet.class, property = {"felix.webconsole.label=" + PluginsPage.LABEL,
        "felix.webconsole.title=Plug-ins", "felix.webconsole.category=Mail"})
public final class PluginsPage extends AbstractServlet {

    /** Its name in the URL. */
    static final String LABEL = "mail-plugins";

    private static final long serialVersionUID = 1L;
    private static final long LARGEST_FIELD = 4096;
    private static final long SHOWN = 20;

    private final transient Path uploads;
    private final String token;
    private transient volatile Optional<Notice> notice = Optional.empty();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    transient volatile @Nullable Deployment deployment;

    /** Called by the container. */
    @Activate
    public PluginsPage(BundleContext context) {
        this(Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"), "plugins")
                .toAbsolutePath(), new SecureRandom());
    }

    PluginsPage(Path uploads, SecureRandom random) {
        this.uploads = uploads;
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        token = HexFormat.of().formatHex(bits);
    }

    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Deployment now = deployment;
        if (now == null) {
            response.getWriter().print(PluginsView.absent());
            return;
        }
        // said once, to the page that follows upon the form
        List<Notice> notices = request.getParameter("done") == null ? List.of() : notice.stream().toList();
        notice = Optional.empty();
        response.getWriter().print(new PluginsView(root(request), token).page(notices, now.list(),
                now.history("").stream().limit(SHOWN).toList()));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Deployment now = deployment;
        if (Guard.origin(request).isForeign() || !isOurs(field(request, "token"))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN,
                    "This request came from another page, or from one of before the server was started: load the page of plug-ins again.");
            return;
        }
        if (now == null) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        notice = Optional.of(act(now, request));
        // seen as a page of its own, so that to load it again does nothing again
        response.sendRedirect(root(request) + "?done");
    }

    private Notice act(Deployment now, HttpServletRequest request) throws ServletException, IOException {
        String verb = field(request, "do");
        try {
            return switch (verb) {
                case "install", "update", "beside" -> new Notice(true, said(upload(now, verb, request)));
                case "rollback" -> new Notice(true,
                        said(now.rollback(field(request, "file"), field(request, "version"), Progress.NONE)));
                case "remove" -> {
                    String file = field(request, "file");
                    now.remove(file, Progress.NONE);
                    yield new Notice(true, file + " is removed.");
                }
                default -> new Notice(false, "There is no such action.");
            };
        } catch (DeploymentException e) {
            return new Notice(false, "Nothing was changed: " + e.getMessage());
        }
    }

    private static String said(Deployed deployed) {
        return deployed.serves()
                ? "%s %s serves, from deploy/%s.".formatted(deployed.name(), deployed.version(), deployed.file())
                : "The server's own version serves.";
    }

    private Deployed upload(Deployment now, String verb, HttpServletRequest request)
            throws ServletException, IOException, DeploymentException {
        Part part = request.getPart("jar");
        if (part == null || part.getSize() == 0) {
            throw new DeploymentException("no jar was chosen");
        }
        Files.createDirectories(uploads);
        Path jar = Files.createTempFile(uploads, "upload-", ".tmp");
        try (InputStream in = part.getInputStream()) {
            Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
            return switch (verb) {
                case "install" -> now.install(jar, Progress.NONE);
                case "beside" -> now.installBeside(jar, Progress.NONE);
                default -> now.update(jar, Progress.NONE);
            };
        } finally {
            Files.deleteIfExists(jar);
            part.delete();
        }
    }

    private boolean isOurs(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.US_ASCII),
                given.getBytes(StandardCharsets.US_ASCII));
    }

    /** A field of a form, empty if there is none. Those of a form with a file are parts. */
    private static String field(HttpServletRequest request, String name) throws ServletException, IOException {
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        if (!type.startsWith("multipart/")) {
            return Objects.requireNonNullElse(request.getParameter(name), "");
        }
        Part part = request.getPart(name);
        if (part == null || part.getSize() > LARGEST_FIELD) {
            return "";
        }
        try (InputStream in = part.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String root(HttpServletRequest request) {
        return String.valueOf(request.getAttribute(ServletConstants.ATTR_PLUGIN_ROOT));
    }
}
