package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of a page of the documentation: they are run, and print what stands there. {@code $ cat FILE} makes the file that it
 * shows; a line that is only an ellipsis stands for any number of lines, one at the end of a line for its rest. Programs of the JDK
 * run in the folder of the page, and so does ours where jars are added to it; our own jars are those of the tests. Lines with the
 * debugger's prompt are typed into it; what follows each is all that it answers.
 */
final class PageCommands {
    static final String INDENT = "    ";
    static final String PROMPT = INDENT + "$ ";

    private static final String OUR_JARS = "$IOREWIND/cli/target/iorewind/lib/*";
    private static final String PLUGINS = "IOREWIND_PLUGINS=";

    /** The prompt of the debugger. */
    static final String ASKING = "(iorewind) ";

    private static final String ANY = "…";

    private record Step(String command, List<String> output) {
        boolean isSession() {
            return output.stream().anyMatch(line -> line.startsWith(ASKING));
        }
    }

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
            String command = step.command();
            if (command.startsWith("cat ")) {
                Files.write(dir.resolve(command.substring("cat ".length())), step.output());
            } else if (command.startsWith("mkdir -p ")) {
                Files.createDirectories(dir.resolve(command.substring("mkdir -p ".length())));
            } else if (command.startsWith("javac ") || command.startsWith("jar ")) {
                List<String> words = ShellLine.words(command);
                words.replaceAll(word -> word.equals(OUR_JARS) ? System.getProperty("java.class.path") : word);
                words.set(0, jdk(words.get(0)));
                compare(step, process(words, dir));
            } else {
                if (step.isSession()) {
                    run += session(step, dir);
                    continue;
                }
                List<String> printed = command.startsWith(PLUGINS)
                        ? withPlugins(command.substring(PLUGINS.length()), dir)
                        : printed(command, "", dir);
                assertThat(printed).as(command).isNotEmpty();
                compare(step, printed);
                run++;
            }
        }
        return run;
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** What stands before the first blank is a class path. */
    private static List<String> withPlugins(String command, Path dir) throws IOException {
        int end = command.indexOf(' ');
        List<String> words = RecordingProcess.java();
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + command.substring(0, end);
        words.addAll(List.of("-cp", classPath, Main.class.getName()));
        List<String> ours = ShellLine.words(command.substring(end + 1));
        assertThat(ours.get(0)).isEqualTo("iorewind");
        words.addAll(ours.subList(1, ours.size()));
        return process(words, dir);
    }

    private static List<String> process(List<String> words, Path dir) throws IOException {
        Path errors = dir.resolve("errors");
        Process process = new ProcessBuilder(words)
                .directory(dir.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.onExit().join().exitValue();
        assertThat(code)
                .as(String.join(" ", words) + "\n" + Files.readString(errors))
                .isIn(ExitCode.OK, ExitCode.FOUND);
        return lines(out);
    }

    /** Types the lines of a session, and looks at each answer by itself: where one ends is seen by a remark that is printed. */
    private static int session(Step session, Path dir) {
        List<Step> typed = new ArrayList<>();
        for (String line : session.output()) {
            if (line.startsWith(ASKING)) {
                typed.add(new Step(line.substring(ASKING.length()), new ArrayList<>()));
            } else {
                assertThat(typed)
                        .as("nothing is printed before the prompt: %s", line)
                        .isNotEmpty();
                typed.get(typed.size() - 1).output().add(line);
            }
        }
        StringBuilder input = new StringBuilder();
        for (Step step : typed) {
            input.append(step.command()).append("\nprint 'end of the answer'\n");
        }
        List<String> answer = new ArrayList<>();
        int at = 0;
        for (String line : printed(session.command(), input.toString(), dir)) {
            if (line.contains("end of the answer")) {
                compare(typed.get(at++), answer);
                answer.clear();
            } else {
                answer.add(line);
            }
        }
        assertThat(at).as("answers of " + session.command()).isEqualTo(typed.size());
        return typed.size();
    }

    private static List<String> printed(String command, String input, Path dir) {
        assertThat(command).startsWith("iorewind ");
        CommandRun run = ShellLine.run(command, input, dir);
        assertThat(run.code()).as(command + "\n" + run.err()).isIn(ExitCode.OK, ExitCode.FOUND);
        return lines(run.out().replace(dir + "/", ""));
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(String::stripTrailing)
                .dropWhile(String::isEmpty)
                .toList();
    }

    private static void compare(Step step, List<String> printed) {
        int at = 0;
        boolean any = false;
        for (String line : step.output()) {
            if (line.equals(ANY)) {
                any = true;
                continue;
            }
            if (any) {
                while (at < printed.size() && !isLike(line, printed.get(at))) {
                    at++;
                }
            }
            assertThat(at)
                    .as("%s prints: %s%nbut printed:%n%s", step.command(), line, String.join("\n", printed))
                    .isLessThan(printed.size());
            assertThat(isLike(line, printed.get(at)))
                    .as("%s prints: %s%nbut printed: %s", step.command(), line, printed.get(at))
                    .isTrue();
            at++;
            any = false;
        }
        if (!any) {
            assertThat(printed.subList(at, printed.size()))
                    .as("%s prints no more", step.command())
                    .isEmpty();
        }
    }

    private static boolean isLike(String shown, String printed) {
        return shown.endsWith(ANY)
                ? printed.startsWith(shown.substring(0, shown.length() - ANY.length()))
                : printed.equals(shown);
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
