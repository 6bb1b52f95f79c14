package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;

/** The page that shows how to write a filter: its source and its session, as they stand there. */
final class Guide {

    private static final Path PAGE = Path.of(System.getProperty("staffetta.home"))
            .resolve("../../../bundles/api/README.md").normalize();

    private final String text;

    /** A command of the session and the lines that are shown of its output. */
    record Exchange(String command, List<String> output) {}

    Guide() throws IOException {
        text = Files.readString(PAGE);
    }

    /** The only block in a language. */
    String block(String language) {
        Matcher matcher = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(text);
        assertThat(matcher.find()).as("a block of %s in %s", language, PAGE).isTrue();
        return matcher.group(1);
    }

    List<Exchange> session() {
        List<Exchange> session = new ArrayList<>();
        for (String line : block("console").split("\n")) {
            if (line.startsWith("$ ")) {
                session.add(new Exchange(line.substring(2), new ArrayList<>()));
            } else {
                session.getLast().output().add(line);
            }
        }
        return session;
    }

    /** Compiles the source against the API and nothing else, and makes a bundle of it as the pom does. */
    Path build(Path folder) throws Exception {
        Path source = Files.createDirectories(folder.resolve("org/example/subject")).resolve("SubjectFilter.java");
        Files.writeString(source, block("java"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(messages, null, null,
                List.of("-proc:none", "-d", classes.toString(), "-cp",
                        code(Filter.class) + System.getProperty("path.separator") + code(Component.class)),
                null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        assertThat(compiled).as(messages.toString()).isTrue();
        return bundle(folder.resolve("org.example.subject-1.0.0.jar"), classes);
    }

    private static Path bundle(Path jar, Path classes) throws Exception {
        try (Builder builder = new Builder()) {
            builder.setProperty(Constants.BUNDLE_SYMBOLICNAME, "org.example.subject");
            builder.setProperty(Constants.BUNDLE_VERSION, "1.0.0");
            builder.addClasspath(classes.toFile());
            builder.addClasspath(code(Filter.class).toFile());
            builder.setProperty(Constants.PRIVATE_PACKAGE, "org.example.*");
            try (Jar built = builder.build()) {
                assertThat(builder.getErrors()).isEmpty();
                built.write(jar.toFile());
            }
        }
        return jar;
    }

    private static Path code(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
