package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.Guide.Exchange;

/** A new user follows the page that shows how to write a filter, word by word. */
class FirstPluginIT {

    @TempDir
    private Path folder;

    @Test
    void the_documented_filter_goes_live_by_cp_refuses_a_mail_by_subject_and_is_removed_by_rm() throws Exception {
        Guide guide = new Guide();
        assertThat(guide.block("java").split("\n")).as("lines of Java").hasSizeLessThan(60);
        Path jar = guide.build(Files.createDirectories(folder.resolve("subject-filter")));
        try (Server server = Server.in(folder).start()) {
            for (Exchange exchange : guide.session()) {
                follow(server, exchange, jar);
            }
        }
    }

    @Test
    void the_documented_pom_names_what_this_build_has() throws Exception {
        String pom = new Guide().block("xml");
        String root = Files.readString(Server.HOME.resolve("../../../pom.xml"));
        assertThat(pom).contains("<version>" + value(root, "version") + "</version>")
                .contains("<version>" + value(root, "osgi.component.annotations.version") + "</version>")
                .contains("<version>" + value(root, "bnd.version") + "</version>")
                .contains("<maven.compiler.release>" + value(root, "maven.compiler.release") + "<");
    }

    private static void follow(Server server, Exchange exchange, Path jar) throws Exception {
        List<String> words = Arrays.stream(exchange.command().split(" ")).map(word -> word.replace("'", "")).toList();
        Path deployed = server.data().resolve(words.getLast());
        switch (words.getFirst()) {
            case "cp" -> {
                assertThat(words.get(1)).endsWith(jar.getFileName().toString());
                Files.copy(jar, Files.createDirectories(deployed.getParent()).resolve(deployed.getFileName()));
            }
            case "rm" -> Files.delete(deployed);
            default -> {
                // what is put into a folder is live within two seconds or so, and not at once
                String[] command = words.subList(1, words.size()).toArray(String[]::new);
                await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200))
                        .untilAsserted(() -> assertThat(plain(server.command(command).output()))
                                .contains(exchange.output().stream().map(FirstPluginIT::plain).toList()));
            }
        }
    }

    // times, numbers and ids differ
    private static String plain(String output) {
        return output.replaceAll("queued as \\w+", "queued").replaceAll("\\d+", "0").replaceAll(" +", " ");
    }

    private static String value(String pom, String element) {
        String begin = "<" + element + ">";
        int start = pom.indexOf(begin) + begin.length();
        return pom.substring(start, pom.indexOf("</", start));
    }
}
