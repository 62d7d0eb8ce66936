package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The commands of a page of the documentation: they are run, and print what stands there. {@code $ cat FILE} makes the file that it
 * shows; a line that is only an ellipsis stands for any number of lines.
 */
final class PageCommands {
    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ";
    private static final Set<String> MAKING = Set.of("import", "record", "watch", "dump");

    private final Path dir;

    private record Step(String command, List<String> output) {}

    private PageCommands(Path dir) {
        this.dir = dir;
    }

    /**
     * Runs them.
     *
     * @param dir where the page's files are
     * @return how many commands of ours
     */
    static int run(Path page, Path dir) throws IOException {
        PageCommands commands = new PageCommands(dir);
        int run = 0;
        for (Step step : steps(page)) {
            if (step.command().startsWith("cat ")) {
                Files.write(dir.resolve(step.command().substring("cat ".length())), step.output());
            } else {
                assertThat(step.command()).startsWith("iorewind ");
                List<String> printed = commands.printed(step.command());
                assertThat(printed).as(step.command()).isNotEmpty();
                compare(step, printed);
                run++;
            }
        }
        return run;
    }

    private List<String> printed(String command) {
        List<String> words = words(command);
        Object[] arguments = new Object[words.size() - 1];
        for (int i = 1; i < words.size(); i++) {
            boolean isFile = words.get(i).matches("[a-z0-9-]+\\.(txt|iorw|html|jsonl)");
            arguments[i - 1] = isFile ? dir.resolve(words.get(i)) : words.get(i);
        }
        boolean imports = words.get(1).equals("import");
        if (imports) {
            arguments = Arrays.copyOf(arguments, arguments.length + 1);
            arguments[arguments.length - 1] = "--force";
        }
        String out = CommandRun.of(arguments)
                .expect(MAKING.contains(words.get(1)) ? ExitCode.OK : ExitCode.FOUND)
                .out();
        return out.replace(dir + "/", "").lines().map(String::stripTrailing).toList();
    }

    /** As a shell has them: quotes of both kinds hold words together. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (char c : (command + " ").toCharArray()) {
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (quote == 0 && c == ' ') {
                if (word.length() > 0) {
                    words.add(word.toString());
                }
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return words;
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
