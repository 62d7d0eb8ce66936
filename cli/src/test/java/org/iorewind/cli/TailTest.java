package org.iorewind.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process records, {@code tail -f} follows in another. */
@Timeout(120)
class TailTest {
    private static final int PATIENCE_S = 60;

    @TempDir
    private Path dir;

    private Path journal = Path.of("");
    private Process recorder;
    private BufferedReader answers;

    @BeforeEach
    void startRecording() throws IOException {
        journal = dir.resolve("journal");
        recorder = RecordingProcess.start(journal);
        answers = new BufferedReader(new InputStreamReader(recorder.getInputStream(), UTF_8));
        assertThat(answers.readLine()).isEqualTo("ready");
    }

    @AfterEach
    void stopRecording() throws InterruptedException {
        recorder.destroyForcibly().waitFor();
    }

    private void order(char what, String answer) throws IOException {
        recorder.getOutputStream().write(what);
        recorder.getOutputStream().flush();
        assertThat(answers.readLine()).isEqualTo(answer);
    }

    /** A {@code tail -f} that runs, and its output line by line. */
    private final class RunningTail implements AutoCloseable {
        private final BufferedReader lines;
        private final PipedInputStream source = new PipedInputStream(1 << 16);
        private final java.io.ByteArrayOutputStream notes = new java.io.ByteArrayOutputStream();
        private final CompletableFuture<Integer> code;

        RunningTail(Object... options) throws IOException {
            PrintStream out = new PrintStream(new PipedOutputStream(source), false, UTF_8);
            PrintStream err = new PrintStream(notes, true, UTF_8);
            String[] words = new String[options.length + 3];
            words[0] = "tail";
            words[1] = "-f";
            words[2] = journal.toString();
            for (int i = 0; i < options.length; i++) {
                words[i + 3] = options[i].toString();
            }
            lines = new BufferedReader(new InputStreamReader(source, UTF_8));
            code = CompletableFuture.supplyAsync(
                    () -> {
                        try (out) {
                            return Main.run(words, Terminal.plain(InputStream.nullInputStream(), out, err));
                        }
                    },
                    RunningTail::start);
        }

        /** Not on a shared pool: one that waits would keep the next one from starting. */
        private static void start(Runnable task) {
            Thread thread = new Thread(task, "tail");
            thread.setDaemon(true);
            thread.start();
        }

        int code() throws Exception {
            return code.get(PATIENCE_S, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    @Test
    void eventsArePrintedAsTheyComeUntilTheRecordingIsClosed() throws Exception {
        try (RunningTail tail = new RunningTail()) {
            assertThat(tail.lines.readLine()).contains("SessionStart");
            int mark = 0;
            for (char tens = '1'; tens <= '9'; tens++) {
                order(tens, "" + (mark + 10 * (tens - '0')));
                for (int i = 0; i < 10 * (tens - '0'); i++) {
                    assertThat(tail.lines.readLine()).contains("Mark", " " + mark++);
                }
            }
            order('e', "closed");
            assertThat(tail.lines.readLine()).contains("SessionEnd");
            assertThat(tail.lines.readLine()).isNull();
            assertThat(tail.code()).isEqualTo(ExitCode.OK);
            assertThat(tail.notes.toString(UTF_8)).isEmpty();
        }
    }

    @Test
    void aTailMayBeStartedAnew() throws Exception {
        for (int round = 1; round <= 3; round++) {
            order('5', "" + 50 * round);
            try (RunningTail tail = new RunningTail("-n", 2)) {
                assertThat(tail.lines.readLine()).contains(" " + (50 * round - 2));
                assertThat(tail.lines.readLine()).contains(" " + (50 * round - 1));
            }
        }
        try (RunningTail tail = new RunningTail("-n", 0, "--filter", "kind == 'SessionEnd'")) {
            order('e', "closed");
            assertThat(tail.code()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void ifTheWriterIsKilledItSaysSoAndEnds() throws Exception {
        try (RunningTail tail = new RunningTail("-n", 1)) {
            assertThat(tail.lines.readLine()).contains("SessionStart");
            order('2', "20");
            recorder.destroyForcibly().waitFor();
            for (int mark = 0; mark < 20; mark++) {
                assertThat(tail.lines.readLine()).contains("Mark", " " + mark);
            }
            assertThat(tail.lines.readLine()).isNull();
            assertThat(tail.code()).isEqualTo(ExitCode.FOUND);
            assertThat(tail.notes.toString(UTF_8))
                    .contains(journal.toString(), "was not closed, and nobody writes it any more", "iorewind check");
        }
    }
}
