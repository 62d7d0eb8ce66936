package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.Headline;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.ReplayJson;
import org.iorewind.cli.json.WhatIfJson;
import org.iorewind.cli.view.ReplayView;
import org.iorewind.cli.view.WhatIfView;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.ParallelReplay;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.whatif.WhatIf;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind replay TRACE}. */
@Command(
        name = "replay",
        header = "Rebuild the IOMMU's state event by event and compare it with the recording.",
        description = {
            "",
            "Prints why requests were refused, where recording and model differ, and the hash of the state at the end.",
            "Exit code 1: a request was refused, or something differs for no known reason.",
            ""
        })
final class ReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = {
                "Replay so many parts of the trace at once; the result is the same. The parts lie between checkpoints,"
                        + " which the first replay with this option takes and keeps in TRACE.checkpoints. Default: one"
                        + " thread, no checkpoints."
            })
    private int threads;

    @Mixin
    private WhatIfOption whatIf = new WhatIfOption();

    @Mixin
    private JsonOption result = new JsonOption();

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (whatIf.isAsked()) {
            return whatIf();
        }
        Analysis analysis;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            analysis = threads == 0 ? Analyses.faults(reader, options) : inParts(reader, options);
        }
        ReplayResult replay = analysis.replay();
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                ReplayJson.write(json, trace.path.toString(), replay);
            }
        } else {
            ReplayView.print(analysis, terminal);
        }
        return Headline.of(analysis).outcome() == Headline.Outcome.CLEAN ? ExitCode.OK : ExitCode.FOUND;
    }

    private int whatIf() throws IOException {
        WhatIf.Result would;
        ReplayResult recorded;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            would = whatIf.of(reader, options).run();
            recorded = Replay.run(reader, options);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                WhatIfJson.write(json, trace.path.toString(), would, recorded);
            }
        } else {
            WhatIfView.print(would, recorded, terminal);
        }
        ReplayResult replay = would.replay();
        return replay.faultCount() > 0 || replay.observations().divergences() > 0 ? ExitCode.FOUND : ExitCode.OK;
    }

    /** Compares in parts; only what needs an explanation is replayed again, by one thread. */
    private Analysis inParts(TraceReader reader, ReplayOptions options) {
        if (threads < 0) {
            throw new UsageException("--threads: expected 1 or more, found: " + threads);
        }
        try (CheckpointStore store = CheckpointStore.of(reader, options)) {
            Spacing spacing = Spacing.forSeekTime(Spacing.USUAL_TARGET_NS);
            ReplayResult replay = new ParallelReplay(reader, options, store, spacing).run(threads);
            return result.json || replay.faultCount() == 0
                    ? Analyses.unexplained(reader, replay)
                    : Analyses.analyze(reader, options);
        }
    }
}
