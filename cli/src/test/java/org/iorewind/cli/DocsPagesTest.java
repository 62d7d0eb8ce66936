package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.cli.command.Commands;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Pages tell the truth. Where a page shows a prompt, its commands are run in order in an empty folder and print what stands
 * there: {@code $ cat FILE} makes the file that it shows, a line that is only an ellipsis stands for any number of lines. Any
 * other line that begins with the program's name is a command that the program takes.
 */
class DocsPagesTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String PROGRAM = "iorewind ";

    @TempDir
    private Path dir;

    /** Pages with a prompt; README has a test of its own ({@link ReadmeTest}). */
    static Stream<Path> pagesWithPrompt() throws IOException {
        return pages().filter(page -> lines(page).stream().anyMatch(line -> line.startsWith(PageCommands.PROMPT)));
    }

    static Stream<Path> pages() throws IOException {
        return Files.list(DOCS).filter(page -> page.toString().endsWith(".md")).sorted();
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pagesWithPrompt")
    void everyCommandPrintsWhatThePageShows(Path page) throws IOException {
        assertThat(PageCommands.run(page, dir)).as("commands on the page").isPositive();
    }

    /** Synopses of commands.md are compared with the program by {@link DocumentationTest}; names in capitals are the reader's. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyOtherCommandIsOneThatTheProgramTakes(Path page) {
        if (page.endsWith("commands.md")) {
            return;
        }
        for (String line : lines(page)) {
            String command = line.strip().replaceFirst("^(\\.\\.?/)", "");
            boolean isWhole = !command.endsWith("\\") && !command.contains("...") && !command.contains("…");
            if (line.startsWith(PageCommands.INDENT) && command.startsWith(PROGRAM) && isWhole) {
                takes(page, command);
            }
        }
    }

    private static void takes(Path page, String command) {
        List<String> words = ShellLine.words(command.replaceFirst("  +(?![-'\"]).*", ""));
        CommandLine line = Commands.line(Terminal.plain(InputStream.nullInputStream(), System.out, System.err));
        String[] arguments = words.subList(1, words.size()).toArray(new String[0]);
        try {
            line.parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            throw new AssertionError(page + ": " + command + ": " + e.getMessage(), e);
        }
    }
}
