package org.staffetta.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Operation;
import org.staffetta.api.deploy.Progress;

/** The page of plug-ins does what its own forms ask for, and nothing that anybody else does. */
class PluginsPageTest {

    @TempDir
    private Path folder;
    private PluginsPage page;
    private final List<String> asked = new ArrayList<>();
    private final List<Deployed> there = new ArrayList<>();
    private final List<Operation> past = new ArrayList<>();
    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private byte[] jar = {};
    private String contentType = "application/x-www-form-urlencoded";
    private String redirect = "";
    private int status = 200;

    private record One(String file, String name, String version, String digest, boolean serves, boolean standsIn,
            String trouble, List<String> earlier) implements Deployed {}

    private record Done(Instant time, String action, String file, String name, String version, String digest,
            boolean succeeded, String reason, String steps) implements Operation {}

    private static final One SUBJECT = new One("subject.jar", "org.example.subject", "1.1.0", "ab12", true, false, "",
            List.of("1.0.0"));

    @BeforeEach
    void open() {
        page = new PluginsPage(folder.resolve("plugins"), new SecureRandom());
        page.deployment = deployment();
        headers.put("Host", "127.0.0.1:8480");
        headers.put("Origin", "http://127.0.0.1:8480");
    }

    private Deployment deployment() {
        return (Deployment) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Deployment.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "list" -> List.copyOf(there);
                    case "history" -> List.copyOf(past);
                    default -> {
                        Object first = arguments[0] instanceof Path file ? Files.readString(file) : arguments[0];
                        asked.add(method.getName() + " " + first
                                + (arguments[1] instanceof Progress ? "" : " " + arguments[1]));
                        if (first.equals("bad")) {
                            throw new DeploymentException("needs <b>org.x</b> [2.0,3)");
                        }
                        yield SUBJECT;
                    }
                });
    }

    private String get() throws Exception {
        StringWriter body = new StringWriter();
        page.renderContent(request("GET"), response(new PrintWriter(body, true)));
        return body.toString();
    }

    private void post(String verb) throws Exception {
        fields.put("do", verb);
        page.doPost(request("POST"), response(new PrintWriter(new StringWriter())));
    }

    private void takeToken() throws Exception {
        Matcher matcher = Pattern.compile("name=\"token\" value=\"([0-9a-f]{32})\"").matcher(get());
        assertThat(matcher.find()).isTrue();
        fields.put("token", matcher.group(1));
    }

    @Test
    void each_form_is_one_call() throws Exception {
        takeToken();
        contentType = "multipart/form-data; boundary=x";
        jar = "jar".getBytes(UTF_8);
        for (String verb : List.of("install", "update", "beside")) {
            post(verb);
        }
        contentType = "application/x-www-form-urlencoded";
        fields.put("file", "subject.jar");
        fields.put("version", "1.0.0");
        post("rollback");
        post("remove");
        post("frobnicate");
        assertThat(asked).containsExactly("install jar", "update jar", "installBeside jar",
                "rollback subject.jar 1.0.0", "remove subject.jar");
        try (Stream<Path> left = Files.list(folder.resolve("plugins"))) {
            assertThat(left).as("uploads that were left").isEmpty();
        }
    }

    @Test
    void what_came_of_it_is_said_once() throws Exception {
        takeToken();
        fields.put("file", "subject.jar");
        post("remove");
        assertThat(redirect).isEqualTo("/system/console/mail-plugins?done");
        fields.put("done", "");
        assertThat(get()).contains("role=\"status\">subject.jar is removed.");
        assertThat(get()).doesNotContain("is removed.");
        fields.put("file", "bad");
        post("remove");
        assertThat(get()).contains("role=\"alert\">Nothing was changed: needs &lt;b&gt;org.x&lt;/b&gt; [2.0,3)");
    }

    @Test
    void without_the_token_of_a_page_of_this_run_nothing_is_done() throws Exception {
        fields.put("file", "subject.jar");
        for (String token : List.of("", "0".repeat(32))) {
            fields.put("token", token);
            status = 200;
            post("remove");
            assertThat(status).as(token).isEqualTo(403);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void from_another_page_nothing_is_done_even_with_the_token() throws Exception {
        takeToken();
        fields.put("file", "subject.jar");
        headers.put("Origin", "https://evil.example");
        post("remove");
        assertThat(status).isEqualTo(403);
        headers.remove("Origin");
        headers.put("Sec-Fetch-Site", "cross-site");
        status = 200;
        post("remove");
        assertThat(status).isEqualTo(403);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_form_without_a_jar_is_told_so() throws Exception {
        takeToken();
        contentType = "multipart/form-data; boundary=x";
        post("install");
        fields.put("done", "");
        assertThat(get()).contains("Nothing was changed: no jar was chosen");
    }

    @Test
    void what_a_jar_says_of_itself_is_shown_and_not_run() throws Exception {
        String evil = "<script>alert('x')</script>\"'";
        there.add(new One(evil, evil, evil, "ab12", true, true, evil, List.of(evil)));
        past.add(new Done(Instant.EPOCH, "install", evil, "", evil, "", false, evil, evil));
        String html = get();
        assertThat(html).doesNotContain("<script>").doesNotContain("alert('x')").contains("&lt;script&gt;");
    }

    @Test
    void when_nothing_can_be_deployed_the_page_says_so() throws Exception {
        page.deployment = null;
        assertThat(get()).contains("role=\"alert\"").contains("is org.staffetta.deploy active?");
        post("remove");
        assertThat(status).isEqualTo(403);
    }

    private HttpServletRequest request(String method) {
        return (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{HttpServletRequest.class}, (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getContentType" -> contentType;
                    case "getParameter" -> fields.get((String) arguments[0]);
                    case "getPart" -> part((String) arguments[0]);
                    case "getAttribute" -> arguments[0].equals(ServletConstants.ATTR_PLUGIN_ROOT)
                            ? "/system/console/mail-plugins"
                            : null;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private Part part(String name) {
        byte[] content = name.equals("jar") ? jar : fields.getOrDefault(name, "").getBytes(UTF_8);
        return (Part) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Part.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getSize" -> (long) content.length;
                    case "getInputStream" -> new ByteArrayInputStream(content);
                    case "delete" -> null;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private HttpServletResponse response(PrintWriter body) {
        return (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{HttpServletResponse.class}, (proxy, called, arguments) -> switch (called.getName()) {
                    case "getWriter" -> body;
                    case "sendError" -> status = (int) arguments[0];
                    case "sendRedirect" -> {
                        redirect = (String) arguments[0];
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }
}
