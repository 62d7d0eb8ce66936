package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/** Asks a QEMU what it can do, by starting it with options that only print something. */
public final class QemuProbe {
    private static final long LONGEST_ANSWER_S = 20;
    private static final int MOST_ANSWER_BYTES = 4 << 20;

    private final List<String> program;

    private QemuProbe(List<String> program) {
        this.program = program;
    }

    /**
     * Asks.
     *
     * @param program the words that start QEMU
     * @throws TraceStoreException if there is no such program, or it is no QEMU
     */
    public static Capabilities ask(List<String> program) {
        QemuProbe probe = new QemuProbe(program);
        String answer = probe.answer("--version");
        QemuVersion version = QemuVersion.of(answer);
        if (version == null) {
            throw new TraceStoreException(
                    String.join(" ", program),
                    "",
                    "a QEMU, which says 'QEMU emulator version …' to --version",
                    answer.isBlank()
                            ? "no answer"
                            : "'" + answer.strip().lines().findFirst().orElse("") + "'",
                    "write QEMU's own command line after --");
        }
        String logItems = probe.answer("-d", "help");
        return new Capabilities(
                version,
                logItems.contains("trace:PATTERN"),
                logItems.contains("\nplugin "),
                probe.events(),
                probe.options());
    }

    private SortedSet<String> events() {
        NavigableSet<String> events = new TreeSet<>();
        answer("-trace", "help")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("amdvi_"))
                .forEach(events::add);
        return events;
    }

    private SortedSet<String> options() {
        NavigableSet<String> options = new TreeSet<>();
        for (String line : answer("-device", "amd-iommu,help").lines().toList()) {
            int equals = line.indexOf("=<");
            if (line.startsWith("  ") && equals > 0) {
                options.add(line.substring(0, equals).strip());
            }
        }
        return options;
    }

    private String answer(String... question) {
        List<String> words = new ArrayList<>(program);
        words.addAll(List.of(question));
        try {
            // a file, because a pipe that nobody empties would stop QEMU
            Path file = Files.createTempFile("iorewind-qemu-", ".txt");
            try {
                return answer(words, file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw notStarted(program, e);
        }
    }

    private static String answer(List<String> words, Path file) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(LONGEST_ANSWER_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (Files.size(file) > MOST_ANSWER_BYTES) {
            return "";
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    static TraceStoreException notStarted(List<String> program, IOException e) {
        String reason = PlainReason.of(e);
        boolean missing = String.valueOf(e.getMessage()).contains("No such file");
        return new TraceStoreException(
                String.join(" ", program),
                "",
                "a QEMU that can be started",
                missing ? "no such program" : reason,
                "install qemu-system-x86, or write its path after --",
                e);
    }
}
