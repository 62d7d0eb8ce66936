package org.iorewind.cli.command;

import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.plugin.Importer;
import org.iorewind.record.plugin.Importers;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Puts the command tree together. */
public final class Commands {
    private static final int WIDTH = 100;

    private Commands() {}

    /** The whole tree, writing to this terminal. */
    public static CommandLine line(Terminal terminal) {
        return line(terminal, Importers.load());
    }

    /** The tree with these importers of other people. */
    static CommandLine line(Terminal terminal, List<Importer> importers) {
        CommandLine imports = new CommandLine(new ImportCommand());
        imports.addSubcommand(new ImportQemuLogCommand(terminal));
        imports.addSubcommand(new ImportSimpleTraceCommand(terminal));
        imports.addSubcommand(new ImportFtraceCommand(terminal));
        imports.addSubcommand(new ImportDmesgCommand(terminal));
        imports.addSubcommand(new ImportMmiotraceCommand(terminal));
        imports.addSubcommand(new ImportDebugfsCommand(terminal));
        imports.addSubcommand(new ImportJsonlCommand(terminal));
        for (Importer importer : importers) {
            PluginImportCommand.addTo(imports, importer, terminal);
        }
        CommandLine records = new CommandLine(new RecordCommand());
        records.addSubcommand(new RecordQemuCommand(terminal));
        records.addSubcommand(new RecordAttachCommand(terminal));
        records.addSubcommand(new RecordRingCommand(terminal));
        records.addSubcommand(new RecordSampleCommand(terminal));
        CommandLine exports = new CommandLine(new ExportCommand());
        exports.addSubcommand(new ExportJsonlCommand(terminal));
        exports.addSubcommand(new ExportCsvCommand(terminal));
        exports.addSubcommand(new ExportParquetCommand(terminal));
        exports.addSubcommand(new ExportPerfettoCommand(terminal));

        CommandLine root = new CommandLine(new RootCommand(terminal));
        root.addSubcommand(new DemoCommand(terminal));
        root.addSubcommand(imports);
        root.addSubcommand(records);
        root.addSubcommand(new SamplesCommand(terminal));
        root.addSubcommand(new SealCommand(terminal));
        root.addSubcommand(exports);
        root.addSubcommand(new DescribeCommand(terminal));
        root.addSubcommand(new DumpCommand(terminal));
        root.addSubcommand(new CheckCommand(terminal));
        root.addSubcommand(new ReplayCommand(terminal));
        root.addSubcommand(new BisectCommand(terminal));
        root.addSubcommand(new MinimizeCommand(terminal));
        root.addSubcommand(new IndexCommand(terminal));
        root.addSubcommand(new WatchCommand(terminal));
        root.addSubcommand(new DebugCommand(terminal));
        root.addSubcommand(new ReportCommand(terminal));
        root.addSubcommand(new ExplainCommand(terminal));
        root.addSubcommand(new CompareCommand(terminal));
        root.addSubcommand(new CheckRegressionCommand(terminal));
        root.addSubcommand(new TailCommand(terminal));
        root.addSubcommand(new RepairCommand(terminal));
        root.addSubcommand(new StatsCommand(terminal));
        root.addSubcommand(new SplitCommand(terminal));
        root.addSubcommand(new MergeCommand(terminal));
        root.addSubcommand(new RedactCommand(terminal));
        root.addSubcommand(new HelpCommand(terminal));
        root.setUsageHelpWidth(WIDTH);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.style().colour() ? Ansi.ON : Ansi.OFF));
        Words.register(root);
        RootCommand.shapeHelp(root);
        return root;
    }

    /** Whether all that the command does is to print events, so that its reader may stop at any of them. */
    public static boolean isListing(CommandLine command) {
        Object work = command.getCommand();
        return work instanceof DumpCommand
                || work instanceof TailCommand
                || work instanceof ExportJsonlCommand
                || work instanceof ExportCsvCommand;
    }

    /** Whether the parsed command line asks for stack traces. */
    public static boolean wantsStackTrace(CommandLine root) {
        return root.getCommand() instanceof RootCommand command && command.stacktrace;
    }
}
