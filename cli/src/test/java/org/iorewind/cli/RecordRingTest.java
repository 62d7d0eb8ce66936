package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program in C, the example of the documentation, recorded from the command line. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordRingTest {
    private static final Path EXAMPLE = Path.of("../recorder/target/native/record_million");

    @TempDir
    private Path folder;

    private Path ring = Path.of("");

    @BeforeEach
    void needTheExample() {
        ring = folder.resolve("ring");
        if ("true".equals(System.getenv("CI"))) {
            assertThat(EXAMPLE).isExecutable();
        }
        assumeTrue(Files.isExecutable(EXAMPLE), "no C compiler: the example in C was not built");
    }

    private FutureTask<CommandRun> recording(Object... more) {
        List<Object> words = new ArrayList<>(List.of("record", "ring", ring));
        words.addAll(List.of(more));
        FutureTask<CommandRun> task = new FutureTask<>(() -> CommandRun.of(words.toArray()));
        Thread thread = new Thread(task, "recorder");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /**
     * Starts the example, again as long as the ring is not whole yet. The file is not opened here to see that: closing it
     * would drop the recorder's lock, which is in this process.
     */
    private Process writer(long events) throws IOException, InterruptedException {
        while (true) {
            Process writer = new ProcessBuilder(EXAMPLE.toString(), ring.toString(), Long.toString(events))
                    .redirectErrorStream(true)
                    .start();
            boolean isNoRingYet =
                    writer.waitFor(100, TimeUnit.MILLISECONDS) && writer.exitValue() == ExitCode.ENVIRONMENT;
            if (!isNoRingYet) {
                return writer;
            }
        }
    }

    @Test
    void aMillionEventsOfAProgramInCBecomeATrace() throws Exception {
        Path trace = folder.resolve("trace.iorw");
        FutureTask<CommandRun> recording = recording("-o", trace, "--tool", "record_million", "--json");
        assertThat(writer(1_000_000).waitFor()).isZero();
        Map<String, String> json =
                recording.get(60, TimeUnit.SECONDS).expect(ExitCode.OK).json();
        assertThat(json)
                .containsEntry("events", "1000000")
                .containsEntry("lost", "0")
                .containsEntry("refused", "0")
                .containsEntry("reason", "CLEAN");
        assertThat(ring).doesNotExist();
        assertThat(CommandRun.of("describe", "--json", trace)
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("events.byKind.MemoryWrite", "1000000")
                .containsEntry("session.tool", "record_million")
                .containsEntry("ended", "true");
    }

    @Test
    void aKilledWriterIsToldAndTheTraceIsWhole() throws Exception {
        Path trace = folder.resolve("trace");
        FutureTask<CommandRun> recording = recording("-o", trace, "--json");
        Process writer = writer(1L << 40);
        while (!Files.exists(trace.resolve("open-blocks"))) {
            LockSupport.parkNanos(1_000_000);
        }
        writer.destroyForcibly().waitFor();
        assertThat(recording.get(60, TimeUnit.SECONDS).expect(ExitCode.FOUND).json())
                .containsEntry("reason", "SOURCE_ENDED");
        CommandRun.of("check", trace).expect(ExitCode.OK);
        assertThat(ring).doesNotExist();
    }

    @Test
    void whatIsNoObservationIsNamed() {
        assertThat(CommandRun.of("record", "ring", ring, "-o", folder.resolve("t"), "--observes", "DmaRequest")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--observes", "Translation", "DmaRequest");
        assertThat(ring).doesNotExist();
    }
}
