package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of plug-ins of the web console, as a browser uses it: it is loaded, and its form is sent. */
final class SwapConsole {

    private static final Pattern PASSWORD = Pattern.compile("password (\\S+) +\\(shown only this once\\)");
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([0-9a-f]{32})\"");
    private static final String BOUNDARY = "----swap";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI page;
    private final String authorization;
    private final String token;

    /** Logs in and loads the page. */
    SwapConsole(Server server) throws IOException, InterruptedException {
        page = URI.create(server.ready("console") + "/mail-plugins");
        String credentials = "admin:" + find(PASSWORD, server.output());
        authorization = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        token = find(TOKEN, get(page));
    }

    /** Uploads a jar for what is there; fails if the page that follows does not say what it is to say. */
    void update(Path jar, String said) throws IOException, InterruptedException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        write(form, part("token", "") + token + "\r\n" + part("do", "") + "update\r\n"
                + part("jar", "; filename=\"" + jar.getFileName() + "\""));
        form.write(Files.readAllBytes(jar));
        write(form, "\r\n--" + BOUNDARY + "--\r\n");
        HttpRequest post = request(page).header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray())).build();
        var answer = http.send(post, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        assertThat(get(page.resolve(answer.headers().firstValue("Location").orElseThrow()))).contains(said);
    }

    private String get(URI uri) throws IOException, InterruptedException {
        var answer = http.send(request(uri).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", authorization);
    }

    private static String part(String name, String more) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n";
    }

    private static void write(ByteArrayOutputStream form, String text) {
        form.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
