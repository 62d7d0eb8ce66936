package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log full of faults that have nothing in common is explained in a heap that does not grow with it. With {@code
 * -Diorewind.kernellog.megabytes=100} it is one of 100 MiB.
 */
class LargeLogTest {
    private static final long BYTES = Long.getLong("iorewind.kernellog.megabytes", 24) << 20;

    @TempDir
    private Path dir;

    @Test
    void aLargeLogOfFaultsIsExplainedInASmallHeap() throws IOException, InterruptedException {
        Path log = dir.resolve("dmesg.txt");
        long lines = write(log);
        Path out = dir.resolve("out.json");
        Path err = dir.resolve("err.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-") || argument.startsWith("--enable") || argument.startsWith("--sun-misc")) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("explain", log.toString(), "--json"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(ExitCode.FOUND);
        assertThat(Files.readString(out)).as(Files.readString(err)).startsWith("{");
        CommandRun result = new CommandRun(1, Files.readString(out), "");
        var json = result.json();
        assertThat(Long.parseLong(json.get("count")) + Long.parseLong(json.get("furtherKinds")))
                .isEqualTo(lines);
        assertThat(json).containsEntry("unparsed", "0").doesNotContainKey("faults.10100.kind");
    }

    private static long write(Path log) throws IOException {
        Random random = new Random(1);
        long written = 0;
        long lines = 0;
        try (BufferedWriter writer = Files.newBufferedWriter(log, StandardCharsets.US_ASCII)) {
            while (written < BYTES) {
                String line = "[" + (1_000 + lines / 1_000) + ".000000] nvme 0000:" + hex(random.nextInt(256), 2) + ":"
                        + hex(random.nextInt(32), 2) + "." + random.nextInt(8)
                        + ": AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x" + hex(random.nextInt(65_536), 4)
                        + " address=0x" + Long.toHexString(random.nextLong() >>> 8) + " flags=0x00"
                        + hex(random.nextInt(4) * 0x20, 2) + "]\n";
                writer.write(line);
                written += line.length();
                lines++;
            }
        }
        return lines;
    }

    private static String hex(int value, int digits) {
        String text = Integer.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
