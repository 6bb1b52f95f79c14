package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which others keep certificates for us: each {@code NAME.pem} is one, with chain and key. Whoever puts one there renames it into place. For one
 * thread at a time.
 */
final class CertificateFolder {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFolder.class);
    private static final String SUFFIX = ".pem";
    private static final int MOST = 1000;

    private final Path folder;
    private Map<String, IdentityFiles> last = Map.of();

    /**
     * Does nothing yet.
     *
     * @param folder need not be there
     */
    CertificateFolder(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** What is in it, by name; if that cannot be found out, what was in it before. */
    Map<String, IdentityFiles> files() {
        if (!Files.isDirectory(folder)) {
            return last = Map.of();
        }
        Map<String, IdentityFiles> files = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "[!.]*" + SUFFIX)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (files.size() < MOST) {
                    files.put(name.substring(0, name.length() - SUFFIX.length()),
                            new IdentityFiles(file.toString(), "", ""));
                }
            }
            return last = files;
        } catch (IOException | RuntimeException unreadable) {
            LOG.debug("{} cannot be read", folder, unreadable);
            return last;
        }
    }
}
