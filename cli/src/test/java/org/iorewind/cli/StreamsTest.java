package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.iorewind.analyze.report.TextStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {
    @TempDir
    private Path dir;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aFullDiskUnderStandardOutputIsNoSuccess() {
        assertThat(runInto("No space left on device")).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(messages().lines())
                .singleElement()
                .asString()
                .contains("No space left on device", "the output is cut");
    }

    @Test
    void aReaderThatHasGoneEndsTheCommandSilently() {
        assertThat(runInto("Broken pipe")).isEqualTo(ExitCode.OK);
        assertThat(messages()).isEmpty();
    }

    @Test
    void whatWasFoundIsSaidEvenIfNobodyReadsIt() {
        Path trace = SmallTrace.write(dir.resolve("faults.iorw"));
        assertThat(runInto("Broken pipe", "replay", trace.toString())).isIn(ExitCode.FOUND, ExitCode.ENVIRONMENT);
    }

    @Test
    void aFullDiskUnderTheVersionIsOneMessage() {
        assertThat(runInto("No space left on device", "--version")).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(messages().lines()).singleElement().asString().contains("No space left on device");
    }

    @Test
    void progressIsDrawnOnATerminalOnlyAndWiped() {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal plain = Terminal.plain(InputStream.nullInputStream(), stream, stream);
        try (ProgressLine line = plain.progress("reading", "events")) {
            line.at(1, 2);
        }
        assertThat(messages()).isEmpty();
        Terminal live =
                new Terminal(InputStream.nullInputStream(), stream, stream, TextStyle.PLAIN, true, false, "iorewind");
        try (ProgressLine line = live.progress("reading", "events")) {
            line.at(1_000, 4_000);
        }
        assertThat(messages()).contains("reading: 1,000 events (25 %)").endsWith("\r\u001b[K");
    }

    @Test
    void notesAreCleaned() {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal.plain(InputStream.nullInputStream(), stream, stream).note("a\u001b[2Jb");
        assertThat(messages()).isEqualTo("a\\x1b[2Jb\n");
    }

    private int runInto(String reason, String... args) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        PrintStream out = new PrintStream(new CheckedOutput(broken), false, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.run(args.length > 0 ? args : new String[] {"dump", trace.toString()}, out, errors);
    }

    private String messages() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
