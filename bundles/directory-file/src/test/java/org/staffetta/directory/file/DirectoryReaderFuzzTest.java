package org.staffetta.directory.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;

/** A file of the directory is a table, or one line says where it is wrong; and a table answers whatever it is asked. */
class DirectoryReaderFuzzTest {

    @FuzzTest
    void a_file_is_a_table_or_wrong_at_a_line(byte[] octets) throws IOException {
        DirectoryTable table;
        try {
            table = new DirectoryReader("directory.txt", "+", 1 << 16).read(octets);
        } catch (BadFileException wrong) {
            assertThat(wrong.getMessage()).startsWith("directory.txt:").doesNotContain("\n", "\r");
            return;
        }
        String text = new String(octets, StandardCharsets.UTF_8);
        Arrays.stream(text.split("\n")).limit(20).forEach(line -> {
            String[] words = line.strip().split("[ \t]+", 3);
            if (words.length > 1 && words[0].equals("account") && isAddress(words[1])) {
                Address address = Address.parse(words[1]);
                assertThat(table.find(address)).as("%s", address).isInstanceOf(DirectoryEntry.Account.class);
                Address elsewhere = new Address(address.localPart(), "nowhere.invalid");
                assertThat(text.contains("nowhere.invalid") || table.find(elsewhere) instanceof DirectoryEntry.Foreign)
                        .isTrue();
            }
        });
    }

    private static boolean isAddress(String word) {
        try {
            return Address.parse(word).toString().equals(word);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }
}
