package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.RecordingJson;
import org.iorewind.cli.output.ScratchFolder;
import org.iorewind.cli.view.PlanView;
import org.iorewind.record.live.LiveOptions;
import org.iorewind.record.live.LiveRecording;
import org.iorewind.record.qemu.Capabilities;
import org.iorewind.record.qemu.CommandLineException;
import org.iorewind.record.qemu.PlanOptions;
import org.iorewind.record.qemu.PlanOptions.WantedFidelity;
import org.iorewind.record.qemu.PlanOptions.WantedWay;
import org.iorewind.record.qemu.Planner;
import org.iorewind.record.qemu.QemuCommand;
import org.iorewind.record.qemu.QemuProbe;
import org.iorewind.record.qemu.RecordingPlan;
import org.iorewind.record.qemu.ScratchFiles;
import org.iorewind.record.qemu.TapProbe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind record qemu -o TRACE -- QEMU...}. */
@Command(
        name = "qemu",
        header = "Start a QEMU and record its amd-iommu while it runs.",
        description = {
            "",
            "Write your own QEMU command line after --. What recording needs is added to it; --print shows what and why, and"
                    + " starts nothing.",
            "Example:",
            "  iorewind record qemu -o boot -- qemu-system-x86_64 -M q35 -m 512 \\",
            "      -device amd-iommu,intremap=on,dma-remap=on -device nvme,drive=d0,serial=1 ...",
            "",
            "Ctrl-C ends the machine and the recording, a second one at once.",
            "Exit code 1: something is missing in the trace, or QEMU was killed.",
            ""
        })
final class RecordQemuCommand implements Callable<Integer> {
    /** What asking a recording to end does to the machine. */
    enum OnInterrupt {
        quit,
        detach
    }

    /** Names as they are typed. */
    enum Fidelity {
        auto,
        full,
        observed
    }

    /** Names as they are typed. */
    enum Mode {
        auto,
        tap,
        plugin,
        fifo
    }

    private static final long NS = 1_000_000_000L;

    private final Terminal terminal;

    @Parameters(paramLabel = "QEMU", arity = "1..*", description = "QEMU's command line, after --.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private @Nullable Path target;

    @Option(names = "--print", description = "Only print how QEMU would be started, and what would be missing.")
    private boolean print;

    @Option(
            names = "--fidelity",
            paramLabel = "LEVEL",
            description =
                    "full: with the tables in memory, or not at all; observed: without; auto: as much as is possible."
                            + " Default: ${DEFAULT-VALUE}.")
    private Fidelity fidelity = Fidelity.auto;

    @Option(
            names = "--mode",
            paramLabel = "WAY",
            description =
                    "How the lines leave QEMU. tap: a library inside it takes them, and reads memory in that moment;"
                            + " plugin: that, and every store of the guest to a table (TCG only); fifo: a pipe, which is slower and"
                            + " reads memory a little late; auto: tap if it works. Default: ${DEFAULT-VALUE}.")
    private Mode mode = Mode.auto;

    @Option(
            names = "--no-interrupts",
            description = "Leave out the interrupt requests of devices: about half of all lines.")
    private boolean noInterrupts;

    @Option(
            names = "--on-interrupt",
            paramLabel = "WHAT",
            description = "What Ctrl-C does to the machine: quit, or detach, which leaves it running. Default:"
                    + " ${DEFAULT-VALUE}.")
    private OnInterrupt onInterrupt = OnInterrupt.quit;

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RecordQemuCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        QemuCommand command = QemuCommand.of(words);
        Path place = target;
        if (place == null && !print) {
            throw new UsageException(
                    "-o TRACE is missing: name the trace to make, or add --print to see what would be" + " done");
        }
        Capabilities capabilities = QemuProbe.ask(command.program());
        PlanOptions options = new PlanOptions(
                switch (fidelity) {
                    case auto -> WantedFidelity.AUTO;
                    case full -> WantedFidelity.FULL;
                    case observed -> WantedFidelity.OBSERVED;
                },
                switch (mode) {
                    case auto -> WantedWay.AUTO;
                    case tap -> WantedWay.TAP;
                    case plugin -> WantedWay.PLUGIN;
                    case fifo -> WantedWay.FIFO;
                },
                !noInterrupts);
        Instant now = Instant.now();
        long startUnixNs = now.getEpochSecond() * NS + now.getNano();
        try (ScratchFolder folder = ScratchFolder.make(recording.scratch)) {
            ScratchFiles files = new ScratchFiles(folder.path());
            String tapProblem =
                    mode == Mode.fifo ? "not asked for" : TapProbe.problem(command.program(), folder.path());
            RecordingPlan plan = plan(command, capabilities, options, files, tapProblem, startUnixNs);
            return place == null || print ? print(plan) : record(place, files, plan);
        }
    }

    private static RecordingPlan plan(
            QemuCommand command,
            Capabilities capabilities,
            PlanOptions options,
            ScratchFiles files,
            @Nullable String tapProblem,
            long startUnixNs) {
        try {
            return Planner.plan(command, capabilities, options, files, tapProblem, startUnixNs);
        } catch (CommandLineException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private int print(RecordingPlan plan) throws IOException {
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                RecordingJson.plan(json, plan);
            }
        } else {
            PlanView.print(plan, terminal);
        }
        return ExitCode.OK;
    }

    private int record(Path place, ScratchFiles files, RecordingPlan plan) throws IOException, InterruptedException {
        for (String warning : plan.warnings()) {
            terminal.note("iorewind: " + warning);
        }
        LiveSession session = new LiveSession(terminal, place, output.force, recording, result.json);
        return session.run(
                plan.command().usesTerminal(),
                (trace, stops, display) -> new LiveRecording(
                                plan,
                                files,
                                trace.appender(),
                                new LiveOptions(onInterrupt == OnInterrupt.detach, result.json, trace.journal()),
                                stops,
                                display)
                        .run(terminal.err(), trace::keep));
    }
}
