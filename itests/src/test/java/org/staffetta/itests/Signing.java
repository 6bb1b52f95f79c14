package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Signs jars with the tools that authors of plug-ins have. */
final class Signing {

    private static final String PASSWORD = "changeit";

    private Signing() {}

    static void makeKey(Path store, String who) throws Exception {
        run("keytool", "-genkeypair", "-alias", who, "-dname", "CN=" + who, "-keyalg", "EC", "-groupname", "secp256r1",
                "-keystore", store.toString(), "-storepass", PASSWORD);
    }

    /** As PEM. */
    static String certificate(Path store, String who) throws Exception {
        return run("keytool", "-exportcert", "-rfc", "-alias", who, "-keystore", store.toString(), "-storepass",
                PASSWORD);
    }

    static void sign(Path jar, Path store, String who) throws Exception {
        run("jarsigner", "-keystore", store.toString(), "-storepass", PASSWORD, jar.toString(), who);
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", tool, output).isZero();
        return output;
    }
}
