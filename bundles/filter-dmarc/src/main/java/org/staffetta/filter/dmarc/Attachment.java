package org.staffetta.filter.dmarc;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/**
 * A part of a message that may hold a report: XML as it is, or packed by gzip, or in a zip file. What it is its first octets say; its content type and name are
 * wrong too often.
 */
final class Attachment {

    private static final int LOOK = 512;
    private static final int MOST_FILES = 10;
    private static final Pattern ENCODING = Pattern
            .compile("^<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]{1,40})[\"']");

    private final BufferedInputStream in;
    private final Budget budget;

    /** What its first octets say. */
    private enum Form {
        GZIP, ZIP, XML, OTHER
    }

    Attachment(InputStream part, Budget budget) {
        this.in = new BufferedInputStream(budget.packed(part));
        this.budget = budget;
    }

    /**
     * Reads the report.
     *
     * @return empty if nothing here looks like one
     * @throws IOException if it cannot be read; the message is one line
     */
    Optional<AggregateReport> read() throws IOException {
        String begin = look(in);
        return switch (form(begin)) {
            case GZIP -> xml(new BufferedInputStream(budget.unpacked(new GZIPInputStream(in, LOOK))));
            case ZIP -> zip();
            // there is HTML in mail
            case XML -> isReport(begin)
                    ? xml(new BufferedInputStream(budget.unpacked(in)))
                    : Optional.empty();
            case OTHER -> Optional.empty();
        };
    }

    // the first file that is a report; those before it are read to their end, and counted, since there is no other way past them
    private Optional<AggregateReport> zip() throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        for (int files = 0; zip.getNextEntry() != null; files++) {
            if (files == MOST_FILES) {
                throw new Budget.ExceededException("it has more than " + MOST_FILES + " files");
            }
            BufferedInputStream file = new BufferedInputStream(budget.unpacked(zip));
            Optional<AggregateReport> found = xml(file);
            if (found.isPresent()) {
                return found;
            }
            file.transferTo(OutputStream.nullOutputStream());
        }
        return Optional.empty();
    }

    private static Optional<AggregateReport> xml(BufferedInputStream unpacked) throws IOException {
        String begin = look(unpacked);
        return switch (form(begin)) {
            case XML -> {
                unpacked.skipNBytes(begin.length() - text(begin).length());
                yield Optional.of(AggregateReader.read(new InputStreamReader(unpacked, charset(begin))));
            }
            case GZIP, ZIP -> throw new IOException("there is an archive in the archive");
            case OTHER -> Optional.empty();
        };
    }

    private static String look(BufferedInputStream stream) throws IOException {
        stream.mark(LOOK);
        String begin = new String(stream.readNBytes(LOOK), StandardCharsets.ISO_8859_1);
        stream.reset();
        return begin;
    }

    private static Form form(String begin) {
        if (begin.startsWith("\u001f\u008b")) {
            return Form.GZIP;
        }
        if (begin.startsWith("PK\u0003\u0004")) {
            return Form.ZIP;
        }
        boolean wide = begin.startsWith("\u00fe\u00ff\0<") || begin.startsWith("\u00ff\u00fe<\0");
        return wide || text(begin).startsWith("<") ? Form.XML : Form.OTHER;
    }

    private static boolean isReport(String begin) {
        String narrow = begin.replace("\0", "");
        return narrow.contains("<?xml") || narrow.contains("feedback");
    }

    // without the mark that says UTF-8, and white space that may not be there
    private static String text(String begin) {
        return (begin.startsWith("\u00ef\u00bb\u00bf") ? begin.substring(3) : begin).stripLeading();
    }

    // what is not of its charset becomes a replacement character: a report need not be thrown away for that
    private static Charset charset(String begin) {
        if (begin.startsWith("\u00fe\u00ff") || begin.startsWith("\u00ff\u00fe")) {
            return StandardCharsets.UTF_16;
        }
        Matcher encoding = ENCODING.matcher(text(begin));
        try {
            return encoding.find() ? Charset.forName(encoding.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
