package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;

/** An envelope comes back from its columns as it was, and columns with anything in them are an envelope or none. */
class LinesFuzzTest {

    /** Each line of the input is an address, with names and values of parameters behind it, between bars. The first is the sender's. */
    @FuzzTest
    void an_envelope_comes_back_as_it_was(byte[] octets) {
        List<Recipient> all = new ArrayList<>();
        for (String line : new String(octets, StandardCharsets.UTF_8).split("\n")) {
            String[] words = line.split("\\|", -1);
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 1; i + 1 < words.length; i += 2) {
                parameters.put(words[i], words[i + 1]);
            }
            try {
                all.add(new Recipient(Address.parse(words[0]), parameters));
            } catch (IllegalArgumentException noAddress) {
                // nobody
            }
        }
        if (all.size() > 1) {
            Recipient first = all.getFirst();
            Envelope envelope = new Envelope(first.address(), all.subList(1, all.size()), first.parameters());
            String sender = Lines.sender(envelope);
            String recipients = Lines.recipients(envelope.recipients());
            assertThat(sender + recipients.replace("\n", "")).matches("[^\\x00-\\x08\\x0a-\\x1f]*");
            assertThat(Lines.envelope(sender, recipients)).isEqualTo(envelope);
        }
    }

    /** The input is the column of the sender, and behind the first NUL that of the recipients. */
    @FuzzTest
    void columns_are_an_envelope_or_none(byte[] octets) {
        String[] columns = new String(octets, StandardCharsets.UTF_8).split("\0", 2);
        Envelope envelope;
        try {
            envelope = Lines.envelope(columns[0], columns.length < 2 ? "" : columns[1]);
        } catch (IllegalArgumentException | IndexOutOfBoundsException none) {
            return; // the row is set aside
        }
        if (!envelope.recipients().isEmpty()) {
            assertThat(Lines.envelope(Lines.sender(envelope), Lines.recipients(envelope.recipients())))
                    .isEqualTo(envelope);
        }
    }
}
