package org.staffetta.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Names and octets between mail and a file system: accounts of strangers, files that other programs have named, messages. */
class NamesFuzzTest {

    /** No account leads out of the store, and the folder tells the account. */
    @FuzzTest
    void an_account_has_a_folder_of_its_own(byte[] octets) {
        String account = new String(octets, StandardCharsets.UTF_8);
        MailboxPath path = MailboxPath.of(account);
        for (String folder : new String[]{path.domain(), path.name()}) {
            assertThat(folder).matches("[a-z0-9._+=%-]{1,200}|%long-[0-9a-f]{64}").doesNotMatch("[.-].*");
        }
        if (path.isLong()) {
            assertThat(path.account(MailboxPath.written(account))).contains(account);
        } else {
            assertThat(path.account()).contains(account);
        }
        // and what is no folder of ours is nobody's
        MailboxPath other = new MailboxPath(account, account);
        other.account().ifPresent(owner -> assertThat(MailboxPath.of(owner)).isEqualTo(other));
    }

    @FuzzTest
    void a_file_name_of_any_kind_is_understood(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        FileName name = new FileName(text);
        assertThat(name.id()).matches("[!-~]{1,70}").doesNotContain("/", ":", ",").doesNotStartWith(".");
        name.wireSize();
        name.delivered();
        Set<String> flags = name.flags();
        FileName again = name.with(flags);
        assertThat(again.id()).isEqualTo(name.id());
        assertThat(again.with(again.flags())).isEqualTo(again);
        assertThat(flags).containsAll(again.flags());
        Set<String> letters = new TreeSet<>(flags);
        letters.removeIf(flag -> Flags.letters(Set.of(flag)).isEmpty());
        assertThat(again.flags()).containsAll(letters);
        assertThat(again.inCur().text()).contains(":");
    }

    @FuzzTest
    void a_message_comes_back_from_the_disk_as_it_was(byte[] octets) throws IOException {
        Random random = new Random(Arrays.hashCode(octets));
        ByteBuffer disk = ByteBuffer.allocate(octets.length + 1);
        LineEnds.ToDisk toDisk = new LineEnds.ToDisk();
        for (int at = 0; at < octets.length;) {
            int length = Math.min(1 + random.nextInt(9), octets.length - at);
            toDisk.convert(octets, at, length, disk);
            at += length;
        }
        toDisk.end(disk);
        byte[] written = Arrays.copyOf(disk.array(), disk.position());
        String message = new String(octets, StandardCharsets.ISO_8859_1);
        boolean lines = message.replace("\r\n", "").indexOf('\n') < 0;
        try (LineEnds.FromDisk fromDisk = new LineEnds.FromDisk(new ByteArrayInputStream(written))) {
            byte[] back = fromDisk.readAllBytes();
            if (lines) {
                assertThat(back).isEqualTo(octets);
            }
        }
    }
}
