package org.staffetta.domainkey;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Debian's Python, for a second opinion: not just any Python has the module {@code dkim}. */
public final class Python {

    private static final String PROGRAM = "/usr/bin/python3";

    private Python() {}

    /** Leaves out the tests of whoever asks, unless Python is there with these modules. */
    public static void assume(Path folder, String modules) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of(PROGRAM)), "there is no " + PROGRAM);
        assumeTrue(run(folder, "-c", "import " + modules).isPresent(), "Python lacks one of the modules " + modules);
    }

    /** What a script prints that gets a folder as its argument. */
    public static String run(URL script, Path folder) throws IOException, InterruptedException {
        try {
            return run(folder, Path.of(script.toURI()).toString(), folder.toString())
                    .orElseThrow(() -> new AssertionError("the script failed; see the output"));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<String> run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "python", ".txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectErrorStream(true).start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        String told = Files.readString(out);
        if (ended && process.exitValue() == 0) {
            return Optional.of(told);
        }
        System.out.println(told);
        return Optional.empty();
    }
}
