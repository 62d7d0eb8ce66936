package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.samples.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's tour tells the truth: its commands are run in a folder like that of the demo, and where an output is shown they print
 * it. Three points stand for any number of lines, or for the rest of a paragraph.
 */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ../iorewind ";
    private static final String OUTPUT = "<!-- output ";
    private static final String POINTS = "...";

    @TempDir
    private Path dir;

    @Test
    void theTourPrintsWhatItShows() throws IOException {
        Captures.logs().get(0).extractTo(dir);
        List<String> printed = List.of();
        List<String> shown = new ArrayList<>();
        boolean isOutput = false;
        int compared = 0;
        for (String line : Files.readAllLines(README)) {
            if (line.startsWith(PROMPT)) {
                printed = run(line.substring(PROMPT.length()));
            } else if (line.startsWith(OUTPUT)) {
                isOutput = true;
                shown.clear();
            } else if (isOutput && (line.startsWith(INDENT) || line.isEmpty())) {
                shown.add(line.isEmpty() ? "" : line.substring(INDENT.length()));
            } else if (isOutput) {
                compare(shown, printed);
                compared++;
                isOutput = false;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(5);
    }

    private List<String> run(String command) {
        CommandRun run = ShellLine.run("iorewind " + command, dir);
        assertThat(run.code()).as(command + run.err()).isIn(ExitCode.OK, ExitCode.FOUND);
        return run.out()
                .replace(dir + "/", "")
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static void compare(List<String> shown, List<String> printed) {
        int at = 0;
        boolean any = false;
        for (String line : shown) {
            String wanted = line.replace("../iorewind ", "iorewind ").stripTrailing();
            if (wanted.isEmpty()) {
                continue;
            }
            if (wanted.strip().equals(POINTS)) {
                any = true;
                continue;
            }
            while (any && at < printed.size() && !matches(wanted, printed.get(at))) {
                at++;
            }
            assertThat(at).as("%s%nin:%n%s", wanted, String.join("\n", printed)).isLessThan(printed.size());
            assertThat(matches(wanted, printed.get(at)))
                    .as("shown: %s%nprinted: %s", wanted, printed.get(at))
                    .isTrue();
            at++;
            any = wanted.endsWith(POINTS);
        }
    }

    private static boolean matches(String wanted, String line) {
        return wanted.endsWith(POINTS)
                ? line.startsWith(wanted.substring(0, wanted.length() - POINTS.length()))
                : line.equals(wanted);
    }
}
