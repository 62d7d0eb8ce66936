package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of a page of the documentation: they are run, and print what stands there. {@code $ cat FILE} makes the file that it
 * shows; a line that is only an ellipsis stands for any number of lines.
 */
final class PageCommands {
    static final String INDENT = "    ";
    static final String PROMPT = INDENT + "$ ";

    private record Step(String command, List<String> output) {}

    private PageCommands() {}

    /**
     * Runs them.
     *
     * @param dir where the page's files are
     * @return how many commands of ours
     */
    static int run(Path page, Path dir) throws IOException {
        int run = 0;
        for (Step step : steps(page)) {
            if (step.command().startsWith("cat ")) {
                Files.write(dir.resolve(step.command().substring("cat ".length())), step.output());
            } else {
                assertThat(step.command()).startsWith("iorewind ");
                List<String> printed = printed(step.command(), dir);
                assertThat(printed).as(step.command()).isNotEmpty();
                compare(step, printed);
                run++;
            }
        }
        return run;
    }

    private static List<String> printed(String command, Path dir) {
        CommandRun run = ShellLine.run(command, dir);
        assertThat(run.code()).as(command + "\n" + run.err()).isIn(ExitCode.OK, ExitCode.FOUND);
        return run.out()
                .replace(dir + "/", "")
                .lines()
                .map(String::stripTrailing)
                .dropWhile(String::isEmpty)
                .toList();
    }

    private static void compare(Step step, List<String> printed) {
        int at = 0;
        boolean any = false;
        for (String line : step.output()) {
            if (line.equals("…")) {
                any = true;
                continue;
            }
            if (any) {
                while (at < printed.size() && !printed.get(at).equals(line)) {
                    at++;
                }
            }
            assertThat(at)
                    .as("%s prints: %s%nbut printed:%n%s", step.command(), line, String.join("\n", printed))
                    .isLessThan(printed.size());
            assertThat(printed.get(at)).as(step.command()).isEqualTo(line);
            at++;
            any = false;
        }
        if (!any) {
            assertThat(printed.subList(at, printed.size()))
                    .as("%s prints no more", step.command())
                    .isEmpty();
        }
    }

    private static List<Step> steps(Path page) throws IOException {
        List<Step> steps = new ArrayList<>();
        Step open = null;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith(PROMPT)) {
                open = new Step(line.substring(PROMPT.length()), new ArrayList<>());
                steps.add(open);
            } else if (open != null && line.startsWith(INDENT)) {
                open.output().add(line.substring(INDENT.length()).stripTrailing());
            } else if (open != null && line.isEmpty()) {
                open.output().add("");
            } else {
                open = null;
            }
        }
        for (Step step : steps) {
            while (!step.output().isEmpty()
                    && step.output().get(step.output().size() - 1).isEmpty()) {
                step.output().remove(step.output().size() - 1);
            }
        }
        return steps;
    }
}
