package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is there stays there, unless its replacement is whole and was asked for. */
class OverwriteTest {
    @TempDir
    private Path dir;

    private Path trace = Path.of("");
    private Path lines = Path.of("");
    private Path journal = Path.of("");

    @BeforeEach
    void makeTraces() {
        trace = SmallTrace.write(dir.resolve("a.iorw"));
        lines = dir.resolve("a.jsonl");
        journal = dir.resolve("journal");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        CommandRun.of("import", "jsonl", lines, "-o", journal).expect(ExitCode.OK);
    }

    @Test
    void anInputWithoutEventsLeavesTheOldTraceAlone() throws IOException {
        for (String text : List.of("", "\n\n  \n")) {
            Path empty = Files.writeString(dir.resolve("empty"), text);
            CommandRun run = CommandRun.of("import", "jsonl", empty, "-o", journal, "--force");
            assertThat(run.expect(ExitCode.BAD_INPUT).err()).contains("no event in it");
            CommandRun.of("import", "jsonl", empty, "-o", trace, "--force").expect(ExitCode.BAD_INPUT);
            CommandRun.of("import", "jsonl", empty, "-o", dir.resolve("new.iorw"))
                    .expect(ExitCode.BAD_INPUT);
        }
        CommandRun.of("check", journal).expect(ExitCode.OK);
        CommandRun.of("check", trace).expect(ExitCode.OK);
        assertThat(names()).containsExactlyInAnyOrder("a.iorw", "a.jsonl", "journal", "empty");
    }

    @Test
    void aJournalThatIsHalfMadeOrDamagedCanBeReplaced() throws IOException {
        Files.delete(journal.resolve("iorewind-journal"));
        CommandRun.of("import", "jsonl", lines, "-o", journal).expect(ExitCode.USAGE);
        CommandRun.of("import", "jsonl", lines, "-o", journal, "--force").expect(ExitCode.OK);
        CommandRun.of("check", journal).expect(ExitCode.OK);
    }

    @Test
    void aJournalWithAForeignFileIsNotReplaced() throws IOException {
        Path mine = Files.writeString(journal.resolve("mine"), "x");
        assertThat(CommandRun.of("import", "jsonl", lines, "-o", journal, "--force")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("no part of a journal");
        assertThat(mine).hasContent("x");
    }

    @Test
    void theInputIsNeverTheOutputByWhateverName() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link.iorw"), trace);
        byte[] before = Files.readAllBytes(trace);
        String text = Files.readString(lines);
        for (CommandRun run : List.of(
                CommandRun.of("report", trace, "-o", trace, "--force"),
                CommandRun.of("report", trace, "-o", link, "--force"),
                CommandRun.of("seal", link, "-o", trace, "--force"),
                CommandRun.of("export", "jsonl", trace, "-o", trace, "--force"),
                CommandRun.of("import", "jsonl", lines, "-o", lines, "--force"),
                CommandRun.of("import", "qemu-log", lines, "-o", lines, "--force"),
                CommandRun.of("report", journal, "-o", journal.resolve("open-blocks"), "--force"))) {
            assertThat(run.expect(ExitCode.USAGE).err()).contains("the input itself");
        }
        assertThat(trace).hasBinaryContent(before);
        assertThat(lines).hasContent(text);
        CommandRun.of("check", journal).expect(ExitCode.OK);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(60)
    void nothingButARegularFileIsReplacedOrWaitedFor() throws Exception {
        Path pipe = dir.resolve("pipe.iorw");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path target : List.of(pipe, Path.of("/dev/null"), dir)) {
            CommandRun.of("export", "jsonl", trace, "-o", target, "--force").expect(ExitCode.USAGE);
            CommandRun.of("report", trace, "-o", target, "--force").expect(ExitCode.USAGE);
            CommandRun.of("import", "jsonl", lines, "-o", target, "--force").expect(ExitCode.USAGE);
        }
        for (String command : List.of("describe", "dump", "check", "replay")) {
            assertThat(CommandRun.of(command, pipe).expect(ExitCode.BAD_INPUT).err())
                    .contains("a regular file");
        }
        Path target = dir.resolve("x.iorw");
        CommandRun.of("import", "qemu-log", pipe, "-o", target).expect(ExitCode.BAD_INPUT);
        assertThat(Files.exists(pipe)).isTrue();
    }

    @Test
    void aDirectoryIsNoInput() {
        for (String source : List.of("jsonl", "qemu-log")) {
            assertThat(CommandRun.of("import", source, dir, "-o", dir.resolve("x.iorw"))
                            .expect(ExitCode.BAD_INPUT)
                            .err())
                    .contains("found a directory");
        }
    }

    @Test
    void whoeverComesSecondIsToldThatAnotherIsWriting() throws IOException {
        for (Path target : List.of(dir.resolve("new.iorw"), dir.resolve("new"), dir.resolve("new.html"))) {
            Path stage = Files.createDirectory(dir.resolve(target.getFileName() + ".unfinished"));
            try (FileChannel other = FileChannel.open(
                            stage.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = other.lock()) {
                assertThat(lock.isValid()).isTrue();
                CommandRun run = target.toString().endsWith(".html")
                        ? CommandRun.of("report", trace, "-o", target)
                        : CommandRun.of("import", "jsonl", lines, "-o", target);
                assertThat(run.expect(ExitCode.ENVIRONMENT).err())
                        .contains("another iorewind is writing " + target.getFileName());
            }
        }
    }

    @Test
    void whatAKilledProcessLeftIsTidiedUp() throws IOException {
        Path stage = Files.createDirectory(dir.resolve("new.iorw.unfinished"));
        Files.createFile(stage.resolve("lock"));
        Files.writeString(stage.resolve("content"), "half");
        Path target = dir.resolve("new.iorw");
        CommandRun.of("import", "jsonl", lines, "-o", target).expect(ExitCode.OK);
        assertThat(target).hasSameBinaryContentAs(trace);
        assertThat(stage).doesNotExist();
    }

    @Test
    void aFolderOfThatNameThatIsNotOursIsLeftAlone() throws IOException {
        Path stage = Files.createDirectory(dir.resolve("new.iorw.unfinished"));
        Path mine = Files.writeString(stage.resolve("mine"), "x");
        CommandRun run = CommandRun.of("import", "jsonl", lines, "-o", dir.resolve("new.iorw"));
        assertThat(run.expect(ExitCode.ENVIRONMENT).err()).contains("iorewind did not make");
        assertThat(mine).hasContent("x");
    }

    @Test
    void aMinusIsStandardOutput() throws IOException {
        assertThat(CommandRun.of("export", "jsonl", trace, "-o", "-")
                        .expect(ExitCode.OK)
                        .out())
                .isEqualTo(Files.readString(lines));
    }

    @Test
    void aCheckOfWhatCannotBeOpenedIsStillADocument() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        for (int at : new int[] {9, 20, bytes.length - 40, bytes.length - 20, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            checkIsDamaged(Files.write(dir.resolve("damaged.iorw"), damaged));
        }
        Path open = journal.resolve("open-blocks");
        byte[] whole = Files.readAllBytes(open);
        whole[20] ^= 1;
        Files.write(open, whole);
        checkIsDamaged(journal);
        Files.writeString(journal.resolve("iorewind-journal"), "nonsense");
        checkIsDamaged(journal);
    }

    private static void checkIsDamaged(Path damaged) throws IOException {
        CommandRun run = CommandRun.of("check", damaged, "--json").expect(ExitCode.BAD_INPUT);
        assertThat(run.json())
                .containsEntry("intact", "false")
                .containsKeys("damages.0.place", "damages.0.expected", "damages.0.found");
    }

    @Test
    void aNewlineInANameStaysInItsLine() {
        CommandRun run = CommandRun.of("describe", dir.resolve("a\nb")).expect(ExitCode.BAD_INPUT);
        assertThat(run.err().lines()).singleElement().asString().contains("a\\x0ab");
    }

    @Test
    void standardInputIsNamedAsWhatItIs() {
        CommandRun run = CommandRun.withInput("", "import", "qemu-log", "-", "-o", dir.resolve("x.iorw"));
        assertThat(run.expect(ExitCode.BAD_INPUT).err())
                .contains("standard input")
                .doesNotContain(".input", "iorewind-");
        assertThat(names()).doesNotContain("x.iorw").noneMatch(name -> name.contains("unfinished"));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
