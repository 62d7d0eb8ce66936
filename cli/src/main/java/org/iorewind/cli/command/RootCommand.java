package org.iorewind.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code iorewind} without a command teaches by examples. */
@Command(
        name = "iorewind",
        versionProvider = Version.class,
        header = {"iorewind: a flight recorder and time machine for IOMMUs", ""},
        description = {
            "See it work, on a recording of a real machine:",
            "  iorewind demo",
            "",
            "Record: start your own QEMU, and record it while it runs",
            "  iorewind record qemu -o boot -- qemu-system-x86_64 ... -device amd-iommu,dma-remap=on",
            "",
            "or turn the log of a QEMU run into a trace",
            "  qemu-system-x86_64 ... -device amd-iommu,dma-remap=on \\",
            "      -trace 'amdvi_*' -msg timestamp=on -D qemu.trace",
            "  iorewind import qemu-log qemu.trace -o boot.iorw",
            "",
            "or let a modelled machine run, with guests and their vIOMMUs",
            "  iorewind samples",
            "  iorewind record sample base-boot -o boot.iorw",
            "",
            "Ask: what is in it, why was a device refused?",
            "  iorewind describe boot.iorw",
            "  iorewind explain dmesg.txt          (a kernel log is enough)",
            "  iorewind replay boot.iorw",
            "  iorewind report boot.iorw -o report.html",
            "  iorewind bisect boot.iorw --first 'faults > 0'",
            "  iorewind debug boot.iorw",
            "  iorewind minimize boot.iorw --keep 'faults > 0' -o small.iorw",
            "  iorewind dump boot.iorw --filter \"requester == '00:06.0'\"",
            "",
            "Keep and pass on",
            "  iorewind check boot.iorw",
            "  iorewind export jsonl boot.iorw | head",
            ""
        },
        commandListHeading = "Commands%n",
        footer = {
            "",
            "iorewind help COMMAND says more. Results go to standard output, --json makes them one JSON document.",
            "Exit codes: 0 nothing found, 1 something found, 2 wrong usage, 3 bad input, 4 environment."
        })
final class RootCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "With an error, print where in the program it came up.")
    boolean stacktrace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and do nothing else.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and do nothing else.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Spec
    private CommandSpec spec;

    RootCommand(Terminal terminal) {
        this.terminal = terminal;
        this.spec = CommandSpec.create();
    }

    /** Examples before options: nobody starts by reading options. */
    static void shapeHelp(CommandLine root) {
        List<String> usual = root.getHelpSectionKeys();
        root.setHelpSectionKeys(List.of(
                UsageMessageSpec.SECTION_KEY_HEADER,
                UsageMessageSpec.SECTION_KEY_DESCRIPTION,
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
                UsageMessageSpec.SECTION_KEY_FOOTER));
        root.getSubcommands().values().forEach(command -> {
            command.setHelpSectionKeys(usual);
            space(command);
        });
    }

    private static void space(CommandLine command) {
        command.getCommandSpec().usageMessage().synopsisHeading("%nUsage: ");
        command.getSubcommands().values().forEach(RootCommand::space);
    }

    @Override
    public Integer call() {
        terminal.out().print(spec.commandLine().getUsageMessage());
        return ExitCode.OK;
    }
}
