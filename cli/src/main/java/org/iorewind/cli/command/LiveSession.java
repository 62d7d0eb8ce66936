package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.RecordingJson;
import org.iorewind.cli.output.RecordingTarget;
import org.iorewind.cli.record.EndSignals;
import org.iorewind.cli.record.StatusDisplay;
import org.iorewind.cli.view.RecordingView;
import org.iorewind.record.live.OpenMetricsFile;
import org.iorewind.record.live.RecordingOutcome;
import org.iorewind.record.live.StopRequests;

/** What the commands that record a machine while it runs have in common: the trace, signals, status, the last words. */
final class LiveSession {
    private final Terminal terminal;
    private final Path target;
    private final boolean force;
    private final RecordingOptions options;
    private final boolean json;

    /** The recording itself. */
    interface Work {
        RecordingOutcome run(RecordingTarget trace, StopRequests stops, StatusDisplay display)
                throws IOException, InterruptedException;
    }

    LiveSession(Terminal terminal, Path target, boolean force, RecordingOptions options, boolean json) {
        this.terminal = terminal;
        this.target = target;
        this.force = force;
        this.options = options;
        this.json = json;
    }

    /**
     * Runs it, and says how it ended.
     *
     * @param machineUsesTerminal the console of the machine is on this terminal
     * @return the exit code
     */
    int run(boolean machineUsesTerminal, Work work) throws IOException, InterruptedException {
        StopRequests stops = new StopRequests();
        OpenMetricsFile numbers = options.metricsFile();
        RecordingOutcome outcome;
        try (EndSignals signals = EndSignals.handle(stops);
                RecordingTarget trace = RecordingTarget.create(target, force)) {
            try (StatusDisplay display =
                    new StatusDisplay(terminal, options.place(terminal, machineUsesTerminal), numbers)) {
                outcome = work.run(trace, stops, display);
            }
            if (outcome.failure() != null) {
                trace.keep();
                throw outcome.failure();
            }
            try (ProgressLine progress = terminal.progress("sealing", "events")) {
                trace.finish(progress);
            }
            signals.ended();
        }
        if (numbers != null) {
            numbers.finish(outcome.status());
        }
        if (json) {
            try (JsonDocument document = JsonDocument.begin(terminal.out())) {
                RecordingJson.outcome(document, target.toString(), outcome);
            }
        } else {
            RecordingView.print(outcome, target, terminal);
        }
        boolean incomplete = outcome.status().gaps() > 0 || outcome.result().unparsed() > 0 || outcome.killed();
        return incomplete ? ExitCode.FOUND : ExitCode.OK;
    }
}
