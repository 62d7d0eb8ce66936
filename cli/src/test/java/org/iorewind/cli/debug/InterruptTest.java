package org.iorewind.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is under way is stopped by another thread, as Ctrl-C does it. */
class InterruptTest {
    private static final int EVENTS = 400_000;

    @TempDir
    private Path dir;

    private Path longTrace() {
        Path file = dir.resolve("long.iorw");
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter events = new EventWriter(archive);
            events.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            for (int i = 0; i < EVENTS; i++) {
                events.mmioWrite(MmioSpace.HOST, 8, 0x20, (long) i << 12);
            }
            events.sessionEnd(EndReason.CLEAN, "");
        }
        return file;
    }

    /** Does lines; while the first of them that tells of progress runs, another thread interrupts. */
    private String interrupted(String lines) throws IOException {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch isInterrupted = new CountDownLatch(1);
        AtomicReference<DebugSession> running = new AtomicReference<>();
        Thread hand = new Thread(() -> {
            try {
                if (isRunning.await(2, TimeUnit.MINUTES)) {
                    running.get().interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                isInterrupted.countDown();
            }
        });
        hand.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        ReplayOptions options = ReplayOptions.defaults().withProgress((done, total) -> {
            isRunning.countDown();
            try {
                assertThat(isInterrupted.await(2, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        InputStream in = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        try (TraceReader trace = Traces.open(longTrace());
                CheckpointStore store = CheckpointStore.inMemory(CheckpointStore.USUAL_MEMORY_BYTES);
                DebugSession session = DebugSession.open(trace, store, AnswerCache.none(), options)) {
            running.set(session);
            Console console = new Console(Terminal.plain(in, stream, stream), session, new DebugProgress(), true);
            console.run(new PlainLines(in), false);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunStopsBetweenTwoEventsAndCanGoOn() throws IOException {
        String[] answers = interrupted("continue\nprint events\nprint sequence\nstep\ncontinue\n")
                .split("\n", -1);
        assertThat(answers[0]).contains("\"stop\":\"interrupted\"");
        long events = value(answers[1]);
        assertThat(events).isPositive().isLessThan(EVENTS);
        assertThat(value(answers[2])).isEqualTo(events - 1);
        assertThat(answers[3]).contains("\"stop\":\"reached\"", "\"sequence\":" + events);
        assertThat(answers[4]).contains("\"stop\":\"end\"", "\"sequence\":" + (EVENTS + 1));
    }

    @Test
    void aSearchForAnAnswerStopsToo() throws IOException {
        String[] answers = interrupted("who reads mem 0x1000\nprint events\nwatch register 0x20\ncontinue\n")
                .split("\n", -1);
        assertThat(answers[0]).contains("\"found\":false", "\"complete\":false");
        assertThat(value(answers[1])).as("the user has not moved").isZero();
        assertThat(answers[3]).contains("\"stop\":\"reached\"");
    }

    private static long value(String answer) {
        String name = "\"value\":";
        int from = answer.indexOf(name) + name.length();
        int to = from;
        while (Character.isDigit(answer.charAt(to))) {
            to++;
        }
        return Long.parseLong(answer.substring(from, to));
    }
}
