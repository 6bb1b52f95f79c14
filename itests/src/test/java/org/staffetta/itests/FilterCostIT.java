package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.itests.CostSide.Work;

/**
 * What it costs to know who sent a message, and to sign it: our server, and beside it Postfix with OpenDKIM and OpenDMARC where these are installed and the
 * tests run as root.
 *
 * <p>Both are judged by what they pass on: SPF, DKIM and DMARC pass, and there is one more signature. Then they are measured in turns of two seconds, each
 * work and size on one side and at once on the other, the order changing each time. A turn ends when all that was taken is gone from the queue; the
 * figures are medians. Both store each message durably before they take it, and discard it afterwards.
 *
 * <p>In {@code mvn verify} just long enough to see that nothing is refused; {@code -Dstaffetta.bench.seconds=20} measures so long for each line of the table, which is
 * written to {@code itests/target/filter-cost.md}. {@code -Dstaffetta.bench.java=OPTIONS} are for our server's JVM.
 */
class FilterCostIT {

    private static final int SECONDS = Integer.getInteger("staffetta.bench.seconds", 0);
    private static final Duration TURN = SECONDS == 0 ? Duration.ofMillis(200) : Duration.ofSeconds(2);
    private static final int TURNS = Math.max(1, SECONDS / 2);
    private static final Duration WARM_UP = Duration.ofSeconds(Math.min(SECONDS, 10));
    private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("4 KB", 4 << 10);
        SIZES.put("100 KB", 100 << 10);
    }

    @TempDir
    private Path folder;

    /** One turn of one side. */
    private record Turn(int messages, double seconds, long cpu, long allocated) {

        double perSecond() {
            return messages / seconds;
        }

        double cpuMillis() {
            return cpu / 1e6 / messages;
        }

        double kilobytes() {
            return allocated / 1024.0 / messages;
        }
    }

    /** What is measured again and again. */
    private record Line(String size, Work work, Map<CostSide, List<Turn>> turns) {}

    @Test
    void messages_are_judged_and_signed_by_both_and_so_many_a_second() throws Exception {
        SigningKey theirs = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
        SigningKey ours = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
        Path key = folder.resolve("ours.pem");
        new KeyFile(folder, key.toString()).create(ours);
        try (Sink sink = new Sink(); ZoneServer dns = dns(theirs, ours)) {
            List<CostSide> sides = new ArrayList<>();
            try {
                sides.add(new CostStaffetta(Files.createDirectory(folder.resolve("staffetta")), dns, sink.port(), key,
                        System.getProperty("staffetta.bench.java", "")));
                if (CostPostfix.isPossible()) {
                    sides.add(new CostPostfix(Files.createDirectory(folder.resolve("postfix")), dns, sink.port(),
                            theirs, key));
                } else {
                    System.out.println(
                            "Without Postfix: it, OpenDKIM and OpenDMARC have to be installed, and it needs root");
                }
                Map<String, byte[]> contents = new LinkedHashMap<>();
                for (Map.Entry<String, Integer> size : SIZES.entrySet()) {
                    contents.put(size.getKey(), CostMail.of(size.getValue(), theirs, CostMail.SELECTOR).wire());
                }
                for (CostSide side : sides) {
                    requireJudged(side, sink, contents.values());
                }
                measure(sides, contents);
            } finally {
                for (CostSide side : sides) {
                    side.close();
                }
            }
        }
    }

    private static ZoneServer dns(SigningKey theirs, SigningKey ours) throws IOException {
        String[] zone = zone(theirs, ours);
        return CostPostfix.isPossible() ? ZoneServer.onPort53(zone) : ZoneServer.onFreePort(zone);
    }

    /** What DNS says of the sender: it may send from where it does, and has two keys. */
    static String[] zone(SigningKey theirs, SigningKey ours) {
        String domain = CostMail.DOMAIN;
        return new String[]{domain + ". 3600 TXT \"v=spf1 include:_spf." + domain + " -all\"",
                "_spf." + domain + ". 3600 TXT \"v=spf1 ip4:192.0.2.0/24 ip4:127.0.0.0/8 -all\"",
                "mx." + domain + ". 3600 A 192.0.2.10",
                "mx." + domain + ". 3600 TXT \"v=spf1 ip4:192.0.2.10 ip4:127.0.0.1 -all\"",
                "_dmarc." + domain + ". 3600 TXT \"v=DMARC1; p=reject\"", key(CostMail.SELECTOR, theirs),
                key("ours", ours)};
    }

    private static String key(String selector, SigningKey key) {
        // a string of TXT has 255 octets at most
        return selector + "._domainkey." + CostMail.DOMAIN + ". 3600 TXT "
                + key.record().replaceAll("(.{1,200})", "\"$1\" ").strip();
    }

    private static void requireJudged(CostSide side, Sink sink, Iterable<byte[]> contents) throws Exception {
        for (byte[] content : contents) {
            for (Work work : Work.values()) {
                int before = sink.messages().size();
                try (CostLoad one = new CostLoad(side.port(work), side.opening(), "bob@judged.test", content)) {
                    one.send();
                }
                await().atMost(Duration.ofSeconds(30)).until(() -> sink.messages().size() > before);
                String message = sink.messages().getLast().replaceAll("\r\n[ \t]+", " ");
                boolean verifies = work == Work.VERIFY || work == Work.ALL;
                boolean signs = work == Work.SIGN || work == Work.ALL;
                for (String result : List.of("spf=pass", "dkim=pass", "dmarc=pass")) {
                    assertThat(message.contains(result)).as("%s, %s: %s%n%.4000s", side.name(), work, result, message)
                            .isEqualTo(verifies);
                }
                assertThat(message.split("(?m)^DKIM-Signature:", -1)).as("signatures, and what is around them")
                        .hasSize(signs ? 3 : 2);
            }
        }
    }

    private static void measure(List<CostSide> sides, Map<String, byte[]> contents) throws Exception {
        List<Line> lines = new ArrayList<>();
        contents.keySet().forEach(size -> {
            for (Work work : Work.values()) {
                Map<CostSide, List<Turn>> turns = new LinkedHashMap<>();
                sides.forEach(side -> turns.put(side, new ArrayList<>()));
                lines.add(new Line(size, work, turns));
            }
        });
        String load = load();
        for (CostSide side : sides) {
            for (Line line : lines) {
                turn(side, line.work(), contents.getOrDefault(line.size(), new byte[0]),
                        WARM_UP.dividedBy(lines.size() / 2));
            }
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Line line : lines) {
                for (CostSide side : turn % 2 == 0 ? sides : sides.reversed()) {
                    line.turns().getOrDefault(side, List.of()).add(turn(side, line.work(),
                            contents.getOrDefault(line.size(), new byte[0]), TURN));
                }
            }
        }
        String table = "load before " + load + ", after " + load() + "\n\n" + table(sides, lines);
        System.out.println(table);
        Files.writeString(Path.of("target/filter-cost.md"), table);
    }

    private static Turn turn(CostSide side, Work work, byte[] content, Duration time) throws Exception {
        try (CostLoad load = new CostLoad(side.port(work), side.opening(), "bob@drain.test", content)) {
            long allocated = side.allocated();
            long cpu = side.cpu();
            long start = System.nanoTime();
            int messages = load.during(time);
            side.awaitGone(messages);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Turn(messages, seconds, side.cpu() - cpu, side.allocated() - allocated);
        } catch (ExecutionException refused) {
            String log = side.log();
            throw new AssertionError(side.name() + ": " + log.substring(Math.max(0, log.length() - 10_000)), refused);
        }
    }

    private static String load() throws IOException {
        return String.join(" ", List.of(Files.readString(Path.of("/proc/loadavg")).split(" ")).subList(0, 3));
    }

    private static String table(List<CostSide> sides, List<Line> lines) {
        StringBuilder table = new StringBuilder(
                "| size | filters | server | messages/s | lowest to highest | CPU ms/message | of that for the filters | KB allocated/message | of that for the filters |\n"
                        + "|---|---|---|--:|--:|--:|--:|--:|--:|\n");
        for (Line line : lines) {
            Line bare = lines.stream().filter(one -> one.size().equals(line.size()) && one.work() == Work.NOTHING)
                    .findFirst().orElseThrow();
            for (CostSide side : sides) {
                List<Turn> turns = line.turns().getOrDefault(side, List.of());
                List<Turn> without = bare.turns().getOrDefault(side, List.of());
                double kilobytes = median(turns, Turn::kilobytes);
                table.append(String.format(Locale.ROOT,
                        "| %s | %s | %s | %.0f | %.0f to %.0f | %.2f | %.2f | %s | %s |%n", line.size(),
                        line.work().filters(), side.name(), median(turns, Turn::perSecond),
                        turns.stream().mapToDouble(Turn::perSecond).min().orElse(0),
                        turns.stream().mapToDouble(Turn::perSecond).max().orElse(0),
                        median(turns, Turn::cpuMillis),
                        median(turns, Turn::cpuMillis) - median(without, Turn::cpuMillis),
                        kilobytes > 0 ? String.format(Locale.ROOT, "%.0f", kilobytes) : "",
                        kilobytes > 0
                                ? String.format(Locale.ROOT, "%.0f", kilobytes - median(without, Turn::kilobytes))
                                : ""));
            }
        }
        return table.toString();
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
