package org.iorewind.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A guest that reads its disk without end, and what may happen to its recording meanwhile. Whatever it is, the events that
 * the recorder had counted are in the trace, the trace replays without a divergence, and the guest is not harmed by it.
 */
@Timeout(600)
class LiveVmFailureTest {
    private static final String QEMU = "11.1";
    private static final String WORK = "nvme,loop";
    private static final Pattern PAGES = Pattern.compile("WORK: nvme read (\\d+) pages");
    private static final Pattern COUNTED = Pattern.compile("(?m)^iorewind_events_total (\\d+)$");
    private static final int PAUSE_S = 5;
    /** The journal begins with some mebibytes; the guest fills the rest within seconds. */
    private static final String SMALL_DISK = "size=12m";

    @TempDir
    private Path folder;

    private Path trace = Path.of("");
    private Path metrics = Path.of("");
    private boolean mounted;

    @BeforeEach
    void files() throws IOException {
        VmTools.assumeMany();
        VmTools.assumeInstalled(QEMU);
        trace = Files.createDirectory(folder.resolve("small-disk")).resolve("boot");
        metrics = folder.resolve("metrics");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", folder.resolve("small-disk").toString())).isTrue();
        }
    }

    private Recording atWork() throws IOException, InterruptedException {
        Recording recording = Recording.start(QEMU, folder, trace, WORK, "--metrics", metrics.toString());
        awaitMorePages(recording, 0);
        recording.qemu();
        recording.await("the recorder counts", () -> counted() > 0);
        return recording;
    }

    /** Waits until the guest has read more of its disk: it lives, and its devices work. */
    private static void awaitMorePages(Recording recording, long before) throws InterruptedException {
        recording.await("the guest reads on", () -> pages(recording) > before + 512);
    }

    private static long pages(Recording recording) {
        return PAGES.matcher(recording.console())
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElse(0);
    }

    /** How many events the recorder says it has written. */
    private long counted() {
        try {
            return Files.exists(metrics)
                    ? COUNTED.matcher(Files.readString(metrics))
                            .results()
                            .map(MatchResult::group)
                            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                            .findFirst()
                            .orElse(0)
                    : 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The trace is whole as far as it goes, holds what was counted, and the model does what the device did. */
    private Map<String, String> assertWhole(long counted, boolean ended) throws IOException {
        Map<String, String> check =
                CommandRun.of("check", "--json", trace).expect(ExitCode.OK).json();
        assertThat(check)
                .containsEntry("intact", "true")
                .containsEntry("ended", Boolean.toString(ended))
                .containsEntry("tornTail", Boolean.toString(!ended));
        assertThat(Long.parseLong(check.get("events"))).isGreaterThanOrEqualTo(counted);
        Map<String, String> replay =
                CommandRun.of("replay", "--json", trace).expect(ExitCode.OK).json();
        assertThat(replay)
                .containsEntry("observations.divergences", "0")
                .containsEntry("ended", Boolean.toString(ended));
        assertThat(Integer.parseInt(replay.get("events.byKind.DmaRequest"))).isGreaterThan(512);
        return replay;
    }

    @Test
    void aKilledRecorderLosesNothingThatItCountedAndTheGuestLives() throws Exception {
        try (Recording recording = atWork()) {
            Recording.signal("KILL", recording.recorder().toHandle());
            assertThat(recording.recorder().waitFor(PAUSE_S, TimeUnit.SECONDS)).isTrue();
            long counted = counted();
            long before = pages(recording);
            awaitMorePages(recording, before);
            assertThat(recording.qemu().isAlive()).isTrue();
            assertWhole(counted, false);
        }
    }

    /** The library that the first recorder has put into QEMU waits for the next one. */
    @Test
    void aMachineWhoseRecorderWasKilledIsJoinedAgain() throws Exception {
        Path second = folder.resolve("second.iorw");
        try (Recording recording = atWork()) {
            Path monitor = recording.monitor();
            Recording.signal("KILL", recording.recorder().toHandle());
            assertThat(recording.recorder().waitFor(PAUSE_S, TimeUnit.SECONDS)).isTrue();
            awaitMorePages(recording, pages(recording));
            try (Recording joined = Recording.attach(monitor, folder, second)) {
                joined.awaitMessage("an earlier recorder has left its library in this QEMU");
                awaitMorePages(recording, pages(recording) + 1024);
                Recording.signal("INT", joined.recorder().toHandle());
                // what nobody took in between is a gap, and told
                assertThat(joined.end()).as(joined.messages()).isEqualTo(ExitCode.FOUND);
            }
            long before = pages(recording);
            awaitMorePages(recording, before);
            assertThat(recording.qemu().isAlive()).isTrue();
        }
        Map<String, String> replay =
                CommandRun.of("replay", "--json", second).expect(ExitCode.OK).json();
        assertThat(replay)
                .containsEntry("observations.divergences", "0")
                .containsEntry("gaps", "1")
                .containsEntry("fidelity", "full")
                .containsEntry("ended", "true");
        assertThat(Integer.parseInt(replay.get("events.byKind.DmaRequest"))).isGreaterThan(1024);
    }

    @Test
    void aRecordingThatIsDetachedLeavesTheMachineAtWork() throws Exception {
        try (Recording recording = Recording.start(
                QEMU, folder, trace, WORK, "--metrics", metrics.toString(), "--on-interrupt", "detach")) {
            awaitMorePages(recording, 0);
            recording.qemu();
            Recording.signal("INT", recording.recorder().toHandle());
            assertThat(recording.end()).as(recording.messages()).isEqualTo(ExitCode.OK);
            long before = pages(recording);
            awaitMorePages(recording, before);
            assertThat(recording.qemu().isAlive()).isTrue();
            assertWhole(0, true);
        }
    }

    @Test
    void aKilledQemuEndsTheTraceInOrder() throws Exception {
        try (Recording recording = atWork()) {
            Recording.signal("KILL", recording.qemu());
            assertThat(recording.end()).as(recording.messages()).isEqualTo(ExitCode.FOUND);
            assertThat(recording.messages()).contains("killed by signal 9");
            assertWhole(counted(), true);
        }
    }

    @Test
    void aFullDiskEndsTheTraceAndTheGuestGoesOn() throws Exception {
        mount();
        try (Recording recording = atWork()) {
            recording.await("the disk is full", () -> recording.messages().contains("the guest goes on without it"));
            long counted = counted();
            long before = pages(recording);
            awaitMorePages(recording, before);
            Recording.signal("INT", recording.recorder().toHandle());
            assertThat(recording.end()).as(recording.messages()).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(recording.messages())
                    .contains("expected room for the next block", "all events acknowledged so far are kept")
                    .containsPattern("free some space|free space");
            Map<String, String> check =
                    CommandRun.of("check", "--json", trace).expect(ExitCode.OK).json();
            assertThat(check).containsEntry("intact", "true");
            assertThat(Long.parseLong(check.get("events"))).isGreaterThanOrEqualTo(counted);
            assertThat(CommandRun.of("replay", "--json", trace).json()).containsEntry("observations.divergences", "0");
        }
    }

    /** The guest waits with its recorder, and nothing is lost. */
    @Test
    void aRecorderThatIsStoppedForFiveSecondsMissesNothing() throws Exception {
        try (Recording recording = atWork()) {
            Recording.signal("STOP", recording.recorder().toHandle());
            assertThat(recording.recorder().waitFor(PAUSE_S, TimeUnit.SECONDS)).isFalse();
            assertThat(recording.qemu().isAlive()).isTrue();
            long before = pages(recording);
            Recording.signal("CONT", recording.recorder().toHandle());
            awaitMorePages(recording, before);
            Recording.signal("INT", recording.recorder().toHandle());
            int code = recording.end();
            Map<String, String> replay = assertWhole(counted(), true);
            // What is missing after all is told, by the trace and by the exit code.
            assertThat(code)
                    .as(recording.messages())
                    .isEqualTo(replay.get("gaps").equals("0") ? ExitCode.OK : ExitCode.FOUND);
        }
    }

    private void mount() throws InterruptedException {
        try {
            mounted = run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    SMALL_DISK,
                    "none",
                    folder.resolve("small-disk").toString());
        } catch (IOException e) {
            mounted = false;
        }
        assumeTrue(mounted || Boolean.getBoolean("iorewind.mount.required"), "not allowed to mount here");
        assertThat(mounted).isTrue();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
