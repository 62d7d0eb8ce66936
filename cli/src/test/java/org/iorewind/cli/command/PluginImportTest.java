package org.iorewind.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportCounts;
import org.iorewind.record.ImportResult;
import org.iorewind.record.plugin.Importer;
import org.iorewind.record.plugin.ImporterException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An importer of somebody else is a command like the others. */
class PluginImportTest {
    @TempDir
    Path folder;

    private record Lines(String name) implements Importer {
        @Override
        public String header() {
            return "Import lines as marks.";
        }

        @Override
        public String expects() {
            return "a file of lines";
        }

        @Override
        public ImportResult read(List<Path> files, EventAppender appender, Progress progress) {
            EventWriter writer = new EventWriter(appender);
            writer.sessionStart(new SessionInfo(
                    0, 1, Fidelity.LOG, StartState.UNKNOWN, 1, 0, 0, 0, 0, 0, 0, "spec", "lines", "", "only lines"));
            writer.at(5).mark(files.size(), "a line");
            writer.sessionEnd(EndReason.SOURCE_ENDED, "");
            return new ImportCounts().result(1, 3, "spec", "only lines");
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CommandLine line(String name) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Terminal terminal = Terminal.plain(InputStream.nullInputStream(), stream, stream);
        return Commands.line(terminal, List.of(new Lines(name)));
    }

    @Test
    void itMakesATraceWithTheOptionsOfEveryImport() throws IOException {
        Path file = Files.writeString(folder.resolve("lines.txt"), "x");
        Path trace = folder.resolve("lines.iorw");
        int code = line("lines").execute("import", "lines", file.toString(), "-o", trace.toString());
        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(CommandRun.of("describe", trace).expect(ExitCode.OK).out()).contains("only lines", "3 events");
    }

    @Test
    void itStandsInTheHelp() {
        CommandLine imports = line("lines").getSubcommands().get("import");
        assertThat(imports.getSubcommands().get("lines").getUsageMessage())
                .contains("Import lines as marks.", "-o=TRACE");
    }

    @Test
    void aNameThatIsBuiltInIsRefused() {
        assertThatThrownBy(() -> line("ftrace"))
                .isInstanceOf(ImporterException.class)
                .hasMessageContaining("ftrace");
    }
}
