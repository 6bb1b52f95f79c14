package org.staffetta.deploy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.deploy.Jar.Pace;

/**
 * Reads a jar to its end: its directory, each entry and its checksum, and its manifest. The directory of a zip file is at its end, so that one that
 * was copied half has none.
 */
final class JarReader {

    private static final int MOST_ENTRIES = 100_000;
    private static final long MOST_OCTETS = 1L << 30; // unpacked
    private static final int CLASS_MAGIC = 0xcafebabe;
    private static final int JAVA_1 = 44; // the class file version of Java 1 (JVMS 4.1)
    // possessive: else the matcher goes one deeper for each part, until the stack ends
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*+");

    private JarReader() {}

    /**
     * Reads a jar.
     *
     * @param path our own copy
     * @param digest of its content
     * @throws IncompleteException if it is no whole jar
     * @throws DeploymentException if it is no bundle that this server can run; the message says why
     */
    static Jar read(Path path, String digest) throws DeploymentException {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            readEntries(jar);
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new DeploymentException("it has no manifest, so it is no bundle: build it with bnd");
            }
            return bundle(path, digest, manifest.getMainAttributes());
        } catch (ZipException e) {
            throw new IncompleteException("it is no complete jar: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IncompleteException("it cannot be read: " + e.getMessage(), e);
        }
    }

    private static void readEntries(ZipFile jar) throws IOException, DeploymentException {
        Set<String> names = new HashSet<>();
        long left = MOST_OCTETS;
        for (ZipEntry entry : Collections.list(jar.entries())) {
            if (!names.add(entry.getName()) || names.size() > MOST_ENTRIES) {
                throw new DeploymentException(names.size() > MOST_ENTRIES
                        ? "it has more than " + MOST_ENTRIES + " entries"
                        : "it has two entries " + entry.getName());
            }
            left -= readEntry(jar, entry, left);
        }
    }

    // who reads a zip file at random gets what is there, checksum or not
    private static long readEntry(ZipFile jar, ZipEntry entry, long most) throws IOException, DeploymentException {
        long size = 0;
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(jar.getInputStream(entry), sum)) {
            if (isClass(entry.getName())) {
                byte[] head = in.readNBytes(8);
                requireJava(entry.getName(), head);
                size = head.length;
            }
            byte[] buffer = new byte[16 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > most) {
                    throw new DeploymentException("unpacked it has more than " + MOST_OCTETS + " octets");
                }
            }
        }
        if (entry.getCrc() >= 0 && entry.getCrc() != sum.getValue()) {
            throw new IncompleteException("it is no complete jar: the checksum of " + entry.getName() + " is wrong");
        }
        return size;
    }

    // those below META-INF/versions are only for the Java that can read them
    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.startsWith("META-INF/");
    }

    private static void requireJava(String entry, byte[] head) throws IOException, DeploymentException {
        int running = Runtime.version().feature();
        if (head.length < 8) {
            return;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(head))) {
            boolean isClass = in.readInt() == CLASS_MAGIC;
            in.readUnsignedShort(); // the minor version
            int java = in.readUnsignedShort() - JAVA_1;
            if (isClass && java > running) {
                throw new DeploymentException(
                        "needs Java " + java + " (" + entry + " was compiled for it), the server runs on Java "
                                + running + ": compile it with --release " + running);
            }
        }
    }

    private static Jar bundle(Path path, String digest, Attributes manifest) throws DeploymentException {
        String header = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (!"2".equals(trimmed(manifest.getValue(Constants.BUNDLE_MANIFESTVERSION))) || header == null) {
            throw new DeploymentException("its manifest has no " + Constants.BUNDLE_MANIFESTVERSION + ": 2 and "
                    + Constants.BUNDLE_SYMBOLICNAME + ", so it is no bundle: build it with bnd");
        }
        String name = header.split(";", 2)[0].strip();
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw new DeploymentException("its " + Constants.BUNDLE_SYMBOLICNAME + " \"" + name + "\" is not one");
        }
        if (manifest.getValue(Constants.FRAGMENT_HOST) != null) {
            throw new DeploymentException("it is a fragment of " + trimmed(manifest.getValue(Constants.FRAGMENT_HOST))
                    + ", which would have to be stopped for it: put both into one bundle");
        }
        boolean singleton = header.replace(" ", "").replace("\"", "").contains("singleton:=true");
        return new Jar(path, digest, name, version(manifest), pace(manifest, singleton));
    }

    private static Version version(Attributes manifest) throws DeploymentException {
        try {
            return Version.parseVersion(manifest.getValue(Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException e) {
            throw new DeploymentException("its " + Constants.BUNDLE_VERSION + " is none: " + e.getMessage(), e);
        }
    }

    private static Pace pace(Attributes manifest, boolean singleton) throws DeploymentException {
        String header = trimmed(manifest.getValue(Deployment.UPDATE)).toLowerCase(Locale.ROOT);
        return switch (header) {
            case "" -> singleton ? Pace.REPLACE : Pace.BESIDE;
            case "beside" -> singleton ? Pace.REPLACE : Pace.BESIDE;
            case "replace" -> Pace.REPLACE;
            case "restart" -> Pace.RESTART;
            default -> throw new DeploymentException(
                    "its " + Deployment.UPDATE + " is \"" + header + "\", but must be beside, replace or restart");
        };
    }

    private static String trimmed(@Nullable String header) {
        return header == null ? "" : header.strip();
    }
}
