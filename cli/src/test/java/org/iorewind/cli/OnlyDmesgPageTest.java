package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page for people who have only a kernel log tells the truth: its commands are run and print what stands there. {@code $
 * cat FILE} makes the file that it shows; a line that is only an ellipsis stands for any number of lines.
 */
class OnlyDmesgPageTest {
    private static final Path PAGE = Path.of("..", "docs", "only-dmesg.md");
    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ";

    @TempDir
    private Path dir;

    private record Step(String command, List<String> output) {}

    @Test
    void everyCommandOfThePagePrintsWhatThePageShows() throws IOException {
        int run = 0;
        for (Step step : steps()) {
            if (step.command().startsWith("cat ")) {
                Files.write(dir.resolve(step.command().substring("cat ".length())), step.output());
            } else {
                assertThat(step.command()).startsWith("iorewind ");
                assertThat(printed(step.command())).as(step.command()).isNotEmpty();
                compare(step, printed(step.command()));
                run++;
            }
        }
        assertThat(run).as("commands on the page").isGreaterThanOrEqualTo(4);
    }

    private List<String> printed(String command) {
        String[] words = command.split(" ");
        Object[] arguments = new Object[words.length - 1];
        boolean imports = words[1].equals("import");
        for (int i = 1; i < words.length; i++) {
            arguments[i - 1] = words[i].contains(".") ? dir.resolve(words[i]) : words[i];
        }
        if (imports) {
            Object[] forced = java.util.Arrays.copyOf(arguments, arguments.length + 1);
            forced[arguments.length] = "--force";
            arguments = forced;
        }
        String out = CommandRun.of(arguments)
                .expect(imports ? ExitCode.OK : ExitCode.FOUND)
                .out();
        return out.replace(dir + "/", "").lines().map(String::stripTrailing).toList();
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
            assertThat(at).as("%s prints: %s", step.command(), line).isLessThan(printed.size());
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

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        Step open = null;
        for (String line : Files.readAllLines(PAGE)) {
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
