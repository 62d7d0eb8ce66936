package org.iorewind.record.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;

/** Whatever a text holds, it is imported or refused by name, and no line of the driver gets lost. */
class AnyTextTest {
    private static final Path SEEDS = Path.of("src", "test", "fuzz", "kernellog");

    @Test
    void everySeedIsImportedOrRefusedByName() throws IOException {
        try (Stream<Path> files = Files.list(SEEDS)) {
            List<Path> seeds = files.sorted().toList();
            assertThat(seeds).isNotEmpty();
            for (Path seed : seeds) {
                KernelLogFuzz.fuzzerTestOneInput(Files.readAllBytes(seed));
            }
        }
    }

    @Property(tries = 300)
    void anyTextIsImportedOrRefusedByName(@ForAll String text) {
        KernelLogFuzz.fuzzerTestOneInput(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 60)
    void damagedLogsAreImportedOrRefusedByName(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(SEEDS)) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        byte[] log = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = 0; i < 1 + log.length / 100; i++) {
            log[random.nextInt(log.length)] = (byte)
                    (random.nextInt(4) == 0 ? random.nextInt(256) : " []<>:=,.0x\r\u001b".charAt(random.nextInt(13)));
        }
        KernelLogFuzz.fuzzerTestOneInput(log);
    }

    @Property(tries = 60)
    void everyLineThatNamesAmdViIsAnEventOrReported(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = Files.readAllLines(SEEDS.resolve(random.nextBoolean() ? "entries" : "notices"));
        StringBuilder log = new StringBuilder("[    1.000000] a kernel's line\n");
        int kept = 0;
        for (int i = 0; i < 20; i++) {
            String line = lines.get(random.nextInt(lines.size()));
            int at = random.nextInt(line.length());
            String damaged = line.substring(0, at) + (char) ('!' + random.nextInt(90)) + line.substring(at + 1);
            if (damaged.contains("AMD-Vi:") && damaged.contains("]")) {
                log.append(damaged).append('\n');
                kept++;
            }
        }
        ImportedLog imported;
        try {
            imported = ImportedLog.ofText(log.toString());
        } catch (TraceFormatException refused) {
            throw new AssertionError("a log with a stamp is a log", refused);
        }
        long said = imported.events()
                .lines(List.of(org.iorewind.trace.EventKind.CONSOLE_LINE), "text")
                .size();
        assertThat(said + imported.result().unparsed()).isGreaterThanOrEqualTo(kept);
    }
}
