package org.staffetta.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An SMTP dialogue as a text file; the format is described in {@code dialogues/README.md}. */
record DialogueFile(List<String> settings, boolean pipelined, boolean asWritten, List<Step> steps) {

    /** One thing that happens. */
    sealed interface Step {
        /** The client sends this. */
        record Send(byte[] octets) implements Step {}

        /** The server says a line that matches. */
        record Line(String pattern, int number) implements Step {}

        /** The server closes. */
        record Closed() implements Step {}

        /** This many messages were accepted so far. */
        record Messages(int count) implements Step {}
    }

    static DialogueFile read(Path file) throws IOException {
        List<String> settings = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        boolean pipelined = false;
        boolean asWritten = false;
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String rest = line.length() > 3 ? line.substring(3) : "";
            switch (line.length() < 2 ? "" : line.substring(0, 2)) {
                case "", "# ", "##" -> {}
                case "@ " -> {
                    String setting = line.substring(2).strip();
                    pipelined |= setting.equals("pipelined");
                    asWritten |= setting.equals("as written");
                    if (setting.contains("=")) {
                        settings.add(setting);
                    }
                }
                case "C:" -> steps.add(new Step.Send((rest + "\r\n").getBytes(StandardCharsets.UTF_8)));
                case "C!" -> steps.add(new Step.Send(unescape(rest)));
                case "S:" -> steps.add(new Step.Line(rest, i + 1));
                case "E:" -> steps.add(new Step.Closed());
                case "M:" -> steps.add(new Step.Messages(Integer.parseInt(rest.strip())));
                default -> throw new IllegalArgumentException(file + ":" + (i + 1) + ": what is '" + line + "'?");
            }
        }
        return new DialogueFile(List.copyOf(settings), pipelined, asWritten, List.copyOf(steps));
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '\\') {
                octets.write(raw[i]);
                continue;
            }
            i++;
            switch (raw[i]) {
                case 'r' -> octets.write('\r');
                case 'n' -> octets.write('\n');
                case '0' -> octets.write(0);
                case 'x' -> {
                    octets.write(Integer.parseInt(new String(raw, i + 1, 2, StandardCharsets.US_ASCII), 16));
                    i += 2;
                }
                default -> octets.write(raw[i]);
            }
        }
        return octets.toByteArray();
    }
}
