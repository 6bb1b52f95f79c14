package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/** Where there is an author, no other reading of the field has another one. */
class SoleAuthorFuzzTest {

    @FuzzTest
    void an_author_is_the_only_address_of_the_field(byte[] octets) {
        Header from;
        try {
            from = new Header("From:" + new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException noField) {
            return;
        }
        Optional<SoleAuthor.Mailbox> found = SoleAuthor.mailbox(List.of(from));
        if (found.isEmpty()) {
            return;
        }
        String address = found.get().localPart() + "@" + found.get().domain();
        assertThat(from.field().replace("\r\n", "")).contains(address);
        assertThat(found.get().domain()).matches("[^\\x00-\\x20\\x7f()<>\\[\\]:;@\\\\,\"]+");
        String bones = withoutQuotesAndComments(from.field().substring(5).replace("\r\n", ""));
        assertThat(bones.chars().filter(c -> c == '@').count()).as("at signs in %s", bones).isOne();
        assertThat(bones).doesNotContain(",", ":", ";", "\\").contains("@" + found.get().domain());
        // said otherwise it is the same, and with more there is none
        assertThat(read("From: <" + address + ">")).isEqualTo(found);
        assertThat(read("FROM: " + address + "\r\n (a comment)")).isEqualTo(found);
        assertThat(read(from.field() + ", other@example.net")).isEmpty();
        assertThat(read("From: other@example.net, " + from.field().substring(5))).isEmpty();
        assertThat(SoleAuthor.mailbox(List.of(from, from))).isEmpty();
    }

    private static Optional<SoleAuthor.Mailbox> read(String field) {
        return SoleAuthor.mailbox(List.of(new Header(field)));
    }

    private static String withoutQuotesAndComments(String value) {
        StringBuilder bones = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || depth > 0)) {
                i++;
            } else if (quoted || c == '"' && depth == 0) {
                quoted = c != '"' || !quoted;
            } else if (c == '(' || c == ')') {
                depth += c == '(' ? 1 : -1;
            } else if (depth == 0) {
                bones.append(c);
            }
        }
        return bones.toString();
    }
}
