package org.iorewind.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String CAPTURE = "q11-linux612-fault";

    @TempDir
    private Path dir;

    @Test
    void theDemoFindsTheFaultAndEndsWell() throws IOException {
        Path folder = dir.resolve("demo");
        CommandRun run =
                CommandRun.of("demo", "--dir", folder, "--capture", CAPTURE).expect(ExitCode.OK);
        assertThat(run.out()).contains("00:06.0", "What now").doesNotContain("\u001b");
        assertThat(folder.resolve(CAPTURE + ".html")).content().contains("00:06.0");
        assertThat(folder.resolve(CAPTURE + ".iorw")).isNotEmptyFile();
        assertThat(folder.resolve(CAPTURE + ".journal")).isDirectory();
    }

    @Test
    void theDemoCanBeRunAgainAndLeavesOtherFilesAlone() throws IOException {
        Path folder = dir.resolve("demo");
        CommandRun first =
                CommandRun.of("demo", "--dir", folder, "--capture", CAPTURE).expect(ExitCode.OK);
        Path mine = Files.writeString(folder.resolve("mine.txt"), "x");
        CommandRun second =
                CommandRun.of("demo", "--dir", folder, "--capture", CAPTURE).expect(ExitCode.OK);
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(mine).hasContent("x");
    }

    @Test
    void everyCommandThatTheDemoPrintsWorks() {
        Path folder = dir.resolve("demo");
        CommandRun run =
                CommandRun.of("demo", "--dir", folder, "--capture", CAPTURE).expect(ExitCode.OK);
        List<String> commands = run.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("$ iorewind "))
                .map(line -> line.substring("$ iorewind ".length()))
                .toList();
        assertThat(commands).hasSizeGreaterThan(6);
        for (String command : commands) {
            Object[] words = words(command.replace(" my.", " " + dir + "/my."));
            assertThat(CommandRun.of(words).code()).as(command).isIn(ExitCode.OK, ExitCode.FOUND);
        }
    }

    @Test
    void aFolderWithOtherFilesIsNotTouched() throws IOException {
        Files.writeString(dir.resolve("mine.txt"), "x");
        CommandRun run = CommandRun.of("demo", "--dir", dir).expect(ExitCode.USAGE);
        assertThat(run.err()).contains("--dir");
        assertThat(dir).isDirectoryContaining("glob:**/mine.txt").isDirectoryNotContaining("glob:**/*.iorw");
    }

    @Test
    void theDemoAsJsonIsOneDocument() throws IOException {
        CommandRun run = CommandRun.of("demo", "--dir", dir.resolve("d"), "--capture", CAPTURE, "--json");
        assertThat(run.expect(ExitCode.OK).json())
                .containsKeys("archive", "import.lines", "analysis.findings.0.rule", "analysis.replay.stateHash")
                .containsEntry("analysis.findings.0.device", "00:06.0");
    }

    @Test
    void anUnknownRecordingSaysWhichThereAre() {
        assertThat(CommandRun.of("demo", "--dir", dir.resolve("d"), "--capture", "x")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains(CAPTURE);
    }

    /** Splits like a shell, as far as printed commands need it: double quotes keep blanks together. */
    private static Object[] words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (command + " ").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return words.toArray();
    }
}
