package org.staffetta.filter.dmarc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Reports as they come in. */
final class ReportFixture {

    private static final String HEAD = "From: reports@reporter.example\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\nThis is MIME.\r\n--=_b\r\n"
            + "Content-Type: text/plain\r\n\r\nHere is a <b>report</b>.\r\n--=_b\r\n";

    private ReportFixture() {}

    /** A message with one attachment. */
    static byte[] message(String type, byte[] attachment) {
        String base64 = Base64.getMimeEncoder().encodeToString(attachment);
        return (HEAD + "Content-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64
                + "\r\n--=_b--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A report about a day, one record for each row {@code address count dkim spf}. */
    static String xml(String organization, String id, String domain, Instant begin, String... rows) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>")
                .append(organization).append("</org_name><report_id>").append(id)
                .append("</report_id><date_range><begin>")
                .append(begin.getEpochSecond()).append("</begin><end>").append(begin.getEpochSecond() + 86_399)
                .append("</end></date_range></report_metadata><policy_published><domain>").append(domain)
                .append("</domain><p>none</p></policy_published>");
        for (String row : rows) {
            String[] cells = row.split(" ", -1);
            xml.append("<record><row><source_ip>").append(cells[0]).append("</source_ip><count>").append(cells[1])
                    .append("</count><policy_evaluated><disposition>none</disposition><dkim>").append(cells[2])
                    .append("</dkim><spf>").append(cells[3]).append("</spf></policy_evaluated></row></record>");
        }
        return xml.append("</feedback>\n").toString();
    }

    static byte[] gzip(byte[] octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
