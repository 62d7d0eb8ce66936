package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
    private static final String[] READERS = {"describe", "dump", "check", "replay"};

    @TempDir
    private Path dir;

    @Test
    void aMissingTraceIsBadInputForEveryCommand() {
        for (String command : READERS) {
            CommandRun run = CommandRun.of(command, dir.resolve("none.iorw")).expect(ExitCode.BAD_INPUT);
            assertThat(run.err()).contains("none.iorw", "expected", "found", "no such file");
            assertThat(run.out()).isEmpty();
        }
        CommandRun.of("import", "qemu-log", dir.resolve("none"), "-o", dir.resolve("x.iorw"))
                .expect(ExitCode.BAD_INPUT);
        CommandRun.of("import", "jsonl", dir.resolve("none"), "-o", dir.resolve("x.iorw"))
                .expect(ExitCode.BAD_INPUT);
    }

    @Test
    void anEmptyFileATextFileAndAnyOtherDirectoryAreNoTraces() throws IOException {
        Path empty = Files.createFile(dir.resolve("empty.iorw"));
        Path text =
                Files.writeString(dir.resolve("notes.iorw"), "these are notes, and they go on for a while\n".repeat(9));
        Path other = Files.createDirectory(dir.resolve("other"));
        Files.writeString(other.resolve("file"), "x");
        for (Path path : new Path[] {empty, text, other}) {
            for (String command : READERS) {
                CommandRun run = CommandRun.of(command, path).expect(ExitCode.BAD_INPUT);
                assertThat(run.err()).startsWith("iorewind: ").contains(path.toString(), "expected", "found");
                assertThat(run.err().lines()).as("one message, no stack trace").hasSize(1);
                assertThat(run.out()).isEmpty();
            }
        }
    }

    @Test
    void aCutArchiveIsBadInputAndJsonStaysSilent() throws IOException {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        byte[] bytes = Files.readAllBytes(trace);
        Path cut = Files.write(dir.resolve("cut.iorw"), Arrays.copyOf(bytes, bytes.length / 2));
        CommandRun run = CommandRun.of("describe", cut, "--json").expect(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("cut.iorw");
    }

    @Test
    void aStackTraceIsPrintedOnlyOnDemand() {
        CommandRun run =
                CommandRun.of("describe", dir.resolve("none"), "--stacktrace").expect(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("TraceFormatException", "\tat org.iorewind.");
        assertThat(CommandRun.of("--stacktrace", "describe", dir.resolve("none"))
                        .err())
                .contains("\tat ");
    }

    @Test
    void aLineThatIsNoEventIsNamed() throws IOException {
        Path lines = Files.writeString(dir.resolve("a.jsonl"), "{\"kind\":\"Nonsense\"}\n");
        Path target = dir.resolve("x.iorw");
        CommandRun run = CommandRun.of("import", "jsonl", lines, "-o", target).expect(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("a.jsonl", "line 1");
        assertNothingLeft();
    }

    @Test
    void aLogWithoutEventsLeavesNothing() throws IOException {
        Path log = Files.writeString(dir.resolve("a.log"), "");
        CommandRun.of("import", "qemu-log", log, "-o", dir.resolve("x.iorw")).expect(ExitCode.BAD_INPUT);
        CommandRun.of("import", "qemu-log", log, "-o", dir.resolve("journal")).expect(ExitCode.BAD_INPUT);
        assertNothingLeft();
    }

    @Test
    void anOutputThatCannotBeWrittenIsTheEnvironmentsFault() {
        Path trace = SmallTrace.write(dir.resolve("a.iorw"));
        Path nowhere = dir.resolve("no/such/folder");
        for (CommandRun run : new CommandRun[] {
            CommandRun.of("seal", trace, "-o", nowhere.resolve("b.iorw")),
            CommandRun.of("report", trace, "-o", nowhere.resolve("b.html")),
            CommandRun.of("export", "jsonl", trace, "-o", nowhere.resolve("b.jsonl"))
        }) {
            run.expect(ExitCode.ENVIRONMENT);
            assertThat(run.err()).contains("no/such/folder").doesNotContain("defect");
        }
    }

    @Test
    void controlCharactersOfANameDoNotReachTheTerminal() {
        CommandRun run = CommandRun.of("describe", dir.resolve("a\u001b[2Jb")).expect(ExitCode.BAD_INPUT);
        assertThat(run.err()).doesNotContain("\u001b").contains("a\\x1b[2Jb");
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.equals("a.jsonl") || name.equals("a.log"));
        }
    }

    @Test
    void textFilesAreReadAsUtf8() throws IOException {
        Path lines = Files.write(dir.resolve("b.jsonl"), "{\"kind\":\"Gerät\"}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(CommandRun.of("import", "jsonl", lines, "-o", dir.resolve("y.iorw"))
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("Gerät");
    }
}
