package org.staffetta.directory.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.staffetta.api.mail.Address;

/** Reads 100,000 accounts and looks them up; run by hand. */
final class LookUpBench {

    private static final int ACCOUNTS = 100_000;

    // of the processor, for other programs may run as well
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private LookUpBench() {}

    public static void main(String[] args) throws IOException {
        StringBuilder text = new StringBuilder("domain d.test\npostmaster user1@d.test\n");
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            text.append("account user").append(i).append("@d.test tenant=demo quota=1G password=")
                    .append(Hashes.ARGON2).append('\n');
            addresses.add(Address.parse((i % 2 == 0 ? "User" : "user") + i + (i % 3 == 0 ? "+tag" : "") + "@d.test"));
        }
        byte[] octets = text.toString().getBytes(UTF_8);
        for (int round = 0; round < 5; round++) {
            long start = CPU.getCurrentThreadCpuTime();
            DirectoryTable table = new DirectoryReader("f", "+", 1 << 20).read(octets);
            double read = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
            start = CPU.getCurrentThreadCpuTime();
            int found = 0;
            for (int i = 0; i < 10; i++) {
                for (Address address : addresses) {
                    found += table.find(address) != null ? 1 : 0;
                }
            }
            double looked = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "%d octets read in %.2f s, %.0f look-ups/s%n", octets.length, read,
                    found / looked);
        }
    }
}
