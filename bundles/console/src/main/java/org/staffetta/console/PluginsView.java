package org.staffetta.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.owasp.encoder.Encode;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Operation;

/**
 * The page of plug-ins as HTML. Whatever comes from a jar or a file name is encoded where it is put.
 *
 * @param action where the forms go
 * @param token what they carry
 */
record PluginsView(String action, String token) {

    /** What is said of the last thing that was done. */
    record Notice(boolean good, String text) {}

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final int SHORT = 12; // digits of a digest that tell two apart at a glance
    private static final String STYLE = style();

    String page(List<Notice> notices, List<Deployed> deployed, List<Operation> history) {
        return """
                <style>%s</style>
                <div class="mail">
                %s
                <p>Bundles from <code>deploy/</code>. A new version runs beside the old one, and takes over when it has shown that it works;
                whatever fails leaves the old one serving.</p>
                %s
                <h2 id="there">What is there</h2>
                %s
                <h2 id="done">What was done</h2>
                %s
                </div>
                """
                .formatted(STYLE, notices.stream().map(PluginsView::notice).collect(Collectors.joining()), upload(),
                        deployed.isEmpty() ? "<p class=\"muted\">There is no jar in deploy/.</p>" : table(deployed),
                        history.isEmpty() ? "<p class=\"muted\">Nothing so far.</p>" : past(history));
    }

    /** When the part that does it is away. */
    static String absent() {
        return "<style>" + STYLE + "</style><div class=\"mail\">"
                + notice(new Notice(false, "Nothing can be deployed at the moment: is org.staffetta.deploy active?"))
                + "</div>";
    }

    private static String notice(Notice notice) {
        return "<div class=\"notice %s\" role=\"%s\">%s</div>".formatted(notice.good() ? "good" : "bad",
                notice.good() ? "status" : "alert", Encode.forHtml(notice.text()));
    }

    private String upload() {
        return """
                <form class="panel" method="post" action="%s" enctype="multipart/form-data" aria-label="Bring in a jar">
                %s
                <div class="field"><label for="jar">Jar</label><input id="jar" name="jar" type="file" accept=".jar" required="required"/></div>
                <div class="field"><label for="how">What it is for</label>
                <select id="how" name="do">
                <option value="update">Update the version that is there</option>
                <option value="install">Install what is not there yet</option>
                <option value="beside">Install beside the versions that are there</option>
                </select></div>
                <div class="field"><button class="main" type="submit">Bring in</button></div>
                </form>
                """
                .formatted(Encode.forHtmlAttribute(action), tokenField());
    }

    private String table(List<Deployed> deployed) {
        return """
                <table aria-labelledby="there">
                <thead><tr><th scope="col">Bundle</th><th scope="col">Version</th><th scope="col">State</th><th scope="col">File</th>
                <th scope="col"><span class="muted">Actions</span></th></tr></thead>
                <tbody>%s</tbody></table>
                """
                .formatted(deployed.stream().map(this::row).collect(Collectors.joining()));
    }

    private String row(Deployed one) {
        String title = one.name().isEmpty() ? "<span class=\"muted\">unknown</span>" : Encode.forHtml(one.name());
        String trouble = one.trouble().isEmpty()
                ? ""
                : "<span class=\"trouble\">The jar in the folder is refused: %s</span>"
                        .formatted(Encode.forHtml(one.trouble()));
        return """
                <tr><td>%s%s</td><td>%s</td><td class="narrow">%s</td><td><code>%s</code>%s</td><td class="actions">%s%s</td></tr>
                """
                .formatted(title, trouble, Encode.forHtml(one.version()), state(one), Encode.forHtml(one.file()),
                        digest(one.digest()), rollback(one), remove(one));
    }

    private static String state(Deployed one) {
        if (!one.serves()) {
            return "<span class=\"badge bad\">does not serve</span>";
        }
        return one.standsIn()
                ? "<span class=\"badge stands-in\">stands in</span>"
                : "<span class=\"badge good\">serves</span>";
    }

    private static String digest(String digest) {
        return digest.isEmpty()
                ? ""
                : "<br/><span class=\"digest muted\" title=\"SHA-256 %s\">%s</span>".formatted(digest,
                        digest.substring(0, Math.min(SHORT, digest.length())));
    }

    private String rollback(Deployed one) {
        if (one.earlier().isEmpty()) {
            return "";
        }
        String file = Encode.forHtmlAttribute(one.file());
        String options = one.earlier().stream()
                .map(version -> "<option>%s</option>".formatted(Encode.forHtml(version)))
                .collect(Collectors.joining());
        return form("rollback", one, """
                <select name="version" aria-label="Version of %s to go back to">%s</select>
                <button type="submit">Roll back</button>""".formatted(file, options), "");
    }

    private String remove(Deployed one) {
        String question = "Remove " + one.file() + "?"
                + (one.standsIn() ? " The server's own version takes over again." : "");
        return form("remove", one, "<button class=\"danger\" type=\"submit\" aria-label=\"Remove %s\">Remove</button>"
                .formatted(Encode.forHtmlAttribute(one.file())), question);
    }

    private String form(String verb, Deployed one, String content, String question) {
        String ask = question.isEmpty()
                ? ""
                : " onsubmit=\"return confirm('%s')\""
                        .formatted(Encode.forHtmlAttribute(Encode.forJavaScript(question)));
        return """
                <form method="post" action="%s"%s>%s<input type="hidden" name="do" value="%s"/>\
                <input type="hidden" name="file" value="%s"/>%s</form>
                """.formatted(Encode.forHtmlAttribute(action), ask, tokenField(), verb,
                Encode.forHtmlAttribute(one.file()), content);
    }

    private String past(List<Operation> history) {
        String rows = history.stream().map(PluginsView::pastRow).collect(Collectors.joining());
        return """
                <table aria-labelledby="done">
                <thead><tr><th scope="col">Time</th><th scope="col">Action</th><th scope="col">Bundle</th><th scope="col">Version</th>
                <th scope="col">Result</th></tr></thead><tbody>%s</tbody></table>
                """
                .formatted(rows);
    }

    private static String pastRow(Operation past) {
        String reason = past.reason().isEmpty() ? "" : " " + Encode.forHtml(past.reason());
        return """
                <tr><td class="narrow">%s</td><td class="narrow">%s</td><td>%s</td><td>%s</td><td title="%s">\
                <span class="badge %s">%s</span>%s</td></tr>
                """.formatted(TIME.format(past.time()), Encode.forHtml(past.action()),
                Encode.forHtml(past.name().isEmpty() ? past.file() : past.name()), Encode.forHtml(past.version()),
                Encode.forHtmlAttribute(past.steps()), past.succeeded() ? "good" : "bad",
                past.succeeded() ? "done" : "failed", reason);
    }

    private String tokenField() {
        return "<input type=\"hidden\" name=\"token\" value=\"%s\"/>".formatted(Encode.forHtmlAttribute(token));
    }

    private static String style() {
        try (InputStream in = Objects.requireNonNull(PluginsView.class.getResourceAsStream("plugins.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a resource of the bundle cannot be read", e);
        }
    }
}
