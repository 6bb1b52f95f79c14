package org.staffetta.deploy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.BiFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Changes jars as whoever means harm, or errs, would. */
final class JarEdits {

    private JarEdits() {}

    /** Gives each entry the content that the function makes of it. */
    static void edit(Path jar, BiFunction<String, byte[], byte[]> change) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(jar.toFile()); ZipOutputStream to = new ZipOutputStream(octets)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(change.apply(entry.getName(), from.getInputStream(entry).readAllBytes()));
            }
        }
        Files.write(jar, octets.toByteArray());
    }

    /** Makes a jar larger, by a comment at its end. */
    static void pad(Path jar, long size) throws Exception {
        byte[] octets = Files.readAllBytes(jar);
        int comment = Math.toIntExact(size - octets.length);
        byte[] padded = Arrays.copyOf(octets, Math.toIntExact(size));
        padded[octets.length - 2] = (byte) comment; // the length of the comment is the last field of a zip file
        Files.write(jar, padded);
    }

    static void add(Path jar, String name) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(jar.toFile()); ZipOutputStream to = new ZipOutputStream(octets)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(from.getInputStream(entry).readAllBytes());
            }
            to.putNextEntry(new ZipEntry(name));
            to.write(1);
        }
        Files.write(jar, octets.toByteArray());
    }

    static void remove(Path jar, String suffix) throws Exception {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(jar.toFile()); ZipOutputStream to = new ZipOutputStream(octets)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                if (!entry.getName().endsWith(suffix)) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    to.write(from.getInputStream(entry).readAllBytes());
                }
            }
        }
        Files.write(jar, octets.toByteArray());
    }
}
