package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.plugin.Importer;
import org.iorewind.record.plugin.ImporterException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code iorewind import NAME FILE... -o TRACE} of an importer on the class path. */
@Command
final class PluginImportCommand extends SourceImport {
    private final Importer importer;

    private PluginImportCommand(Terminal terminal, Importer importer) {
        super(terminal, importer.expects(), "records");
        this.importer = importer;
    }

    /**
     * Makes a command of an importer.
     *
     * @throws ImporterException if there is a command of its name
     */
    static void addTo(CommandLine imports, Importer importer, Terminal terminal) {
        if (imports.getSubcommands().containsKey(importer.name())) {
            throw new ImporterException(
                    "expected importers with names of their own, found " + importer.name() + " of "
                            + importer.getClass().getName() + ", which is built in; rename it",
                    null);
        }
        CommandLine command = new CommandLine(new PluginImportCommand(terminal, importer));
        command.getCommandSpec().usageMessage().header(importer.header());
        imports.addSubcommand(importer.name(), command);
    }

    @Override
    ImportResult read(List<Path> paths, EventAppender appender, Progress progress) {
        return importer.read(paths, appender, progress);
    }
}
