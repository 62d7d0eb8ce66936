package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.cli.command.Commands;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command reference and the commands say the same. */
class DocumentationTest {
    private static final Path REFERENCE = Path.of("..", "docs", "commands.md");

    @Test
    void theReferenceHasASectionForEveryCommandWithEveryOption() throws IOException {
        Map<String, String> sections = sections();
        Map<String, CommandLine> commands = new TreeMap<>();
        CommandLine root = Commands.line(Terminal.plain(InputStream.nullInputStream(), System.out, System.err));
        root.getSubcommands().forEach((name, command) -> collect(name, command, commands));
        assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(commands.keySet());
        commands.forEach((name, command) -> {
            String section = sections.getOrDefault(name, "");
            assertThat(section)
                    .as(name)
                    .contains(command.getCommandSpec().usageMessage().header()[0]);
            command.getCommandSpec().options().forEach(option -> {
                if (!option.inherited()) {
                    assertThat(section).as(name).contains("`" + option.longestName());
                }
            });
            command.getCommandSpec()
                    .positionalParameters()
                    .forEach(parameter -> assertThat(section).as(name).contains(parameter.paramLabel()));
        });
    }

    private static void collect(String name, CommandLine command, Map<String, CommandLine> into) {
        if (command.getSubcommands().isEmpty()) {
            into.put(name, command);
        }
        command.getSubcommands().forEach((word, next) -> collect(name + " " + word, next, into));
    }

    /** Sections of the reference by the command in their heading, {@code ### `iorewind NAME ...`}. */
    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new TreeMap<>();
        for (String section : Files.readString(REFERENCE).split("\n### `iorewind ")) {
            int end = section.indexOf('`');
            if (!section.startsWith("#") && end > 0) {
                sections.put(section.substring(0, end), section);
            }
        }
        return sections;
    }
}
