package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.iorewind.samples.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real logs of one machine whose clocks share nothing: QEMU's, with the host's wall clock, and the guest's, with the time since
 * its boot. The truth is the line in which the guest's kernel tells the time of day, which is QEMU's host's: right to a second.
 */
class MergeAlignTest {
    private static final Path RECORDED =
            Path.of("..", "recorder", "src", "test", "resources", "org", "iorewind", "record");
    private static final Path FTRACE = RECORDED.resolve("ftrace").resolve("q11-linux612-strict.trace.zst");
    private static final Path FAULT_LOG = RECORDED.resolve("kernellog").resolve("amd-q11-l612-fault.dmesg.gz");
    private static final long NS = 1_000_000_000L;
    private static final double NS_PER_S = NS;

    @TempDir
    private Path folder;

    private Path imported(String format, Path log, String name) {
        Path trace = folder.resolve(name);
        CommandRun.of("import", format, log, "-o", trace).expect(ExitCode.OK);
        return trace;
    }

    private Path capture(String name) {
        return Captures.named(name).orElseThrow().extractTo(folder);
    }

    /** The host's wall clock in the first line: time 0 of the trace. */
    private static double startS(Path log) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(log)), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            Instant start = Instant.parse(line.substring(0, line.indexOf(' ')));
            return start.getEpochSecond() + start.getNano() / NS_PER_S;
        }
    }

    /**
     * Merges, and checks that the guest's time 0 was put where its kernel says that it was.
     *
     * @param sinceBoot seconds since boot, as the guest's kernel printed them
     * @param wallS the wall clock in whole seconds at that moment, likewise
     */
    private Map<String, String> aligned(Path log, Path guests, double sinceBoot, long wallS) throws IOException {
        Path qemu = imported("qemu-log", log, "qemu.iorw");
        Path both = folder.resolve("both.iorw");
        Map<String, String> merged = CommandRun.of("merge", "--json", qemu, guests, "-o", both, "--align", "auto")
                .expect(ExitCode.OK)
                .json();
        double offsetS = Long.parseLong(merged.get("clocks.0.offsetNs")) / NS_PER_S;
        double guestsBootS = startS(log) + offsetS;
        // the clock of the machine had shown that second for less than one
        assertThat(guestsBootS + sinceBoot).isBetween(wallS - 0.1, wallS + 1.1);
        assertThat(merged).containsEntry("clocks.0.basis", "content");
        assertThat(Long.parseLong(merged.get("clocks.0.lowNs")))
                .isLessThanOrEqualTo(Long.parseLong(merged.get("clocks.0.highNs")));
        CommandRun.of("check", both).expect(ExitCode.OK);
        return merged;
    }

    @Test
    void mappingsOfTheGuestsDriverMeetTheTranslationsOfTheDevice() throws IOException {
        Map<String, String> merged = aligned(
                capture("q11-linux612-strict"), imported("ftrace", FTRACE, "driver.iorw"), 6.771201, 1_795_358_566L);
        long anchors = Long.parseLong(merged.get("clocks.0.anchors"));
        assertThat(anchors).isGreaterThan(1000);
        assertThat(Long.parseLong(merged.get("clocks.0.agreeing"))).isGreaterThan(anchors * 9 / 10);
        long open = Long.parseLong(merged.get("clocks.0.highNs")) - Long.parseLong(merged.get("clocks.0.lowNs"));
        assertThat(open).isLessThan(NS / 1000);
    }

    @Test
    void faultsInTheGuestsKernelLogMeetThoseOfTheDevice() throws IOException {
        Map<String, String> merged = aligned(
                capture("q11-linux612-fault"), imported("dmesg", FAULT_LOG, "guest.iorw"), 4.322966, 1_795_358_619L);
        // edu makes ten attempts
        assertThat(merged).containsEntry("clocks.0.agreeing", "10");
    }

    @Test
    void logsOfDifferentBootsAreRefused() {
        Path qemu = imported("qemu-log", capture("q11-linux612-fault"), "qemu.iorw");
        Path driver = imported("ftrace", FTRACE, "driver.iorw");
        CommandRun merged = CommandRun.of("merge", qemu, driver, "-o", folder.resolve("both.iorw"), "--align", "auto");
        assertThat(merged.code()).as(merged.err()).isNotEqualTo(ExitCode.OK);
        assertThat(merged.err()).contains("--align");
        assertThat(folder.resolve("both.iorw")).doesNotExist();
    }
}
