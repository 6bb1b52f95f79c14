package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.staffetta.api.deploy.DeploymentException;

/** Whatever was copied into the folder is a bundle that can be run, or the reason why it is not in one line. */
class JarReaderFuzzTest {

    private static Path file = Path.of("none");

    @BeforeAll
    static void begin() throws IOException {
        file = Files.createTempFile("fuzz", ".jar");
    }

    @AfterAll
    static void end() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The input is the file. */
    @FuzzTest
    void any_file_is_a_bundle_or_none(byte[] octets) throws IOException {
        read(octets);
    }

    /** The input is the manifest. */
    @FuzzTest
    void any_manifest_is_that_of_a_bundle_or_of_none(byte[] octets) throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(octets);
            zip.closeEntry();
        }
        read(jar.toByteArray());
    }

    private static void read(byte[] octets) throws IOException {
        Files.write(file, octets);
        try {
            Jar jar = JarReader.read(file, "0");
            assertThat(jar.name()).matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*+");
            assertThat(jar.version()).isNotNull();
            assertThat(Arrays.asList(Jar.Pace.values())).contains(jar.pace());
        } catch (DeploymentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
