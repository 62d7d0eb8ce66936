package org.iorewind.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.bisect.Script;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.MinimizeJson;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.cli.output.ScratchFolder;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.cli.record.EndSignals;
import org.iorewind.cli.view.MinimizeView;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.minimize.Selection;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.json.JsonLinesExporter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind minimize TRACE}. */
@Command(
        name = "minimize",
        header = "Make the smallest trace that still shows something.",
        description = {
            "",
            "Leaves out events, in groups that belong together, as long as what is left still shows it:",
            "  iorewind minimize boot.iorw --keep 'faults > 0' -o small.iorw",
            "  iorewind minimize boot.iorw --script './is-bad.sh \"$1\"' -o small.iorw --jsonl small.jsonl",
            "Ctrl-C ends it with the best so far.",
            ""
        })
final class MinimizeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "--keep",
            paramLabel = "CEL",
            description = "What must still hold after some event: a predicate as for 'bisect --first'.")
    private @Nullable String keep;

    @Option(
            names = "--script",
            paramLabel = "CMD",
            description = "A command for the shell that is asked instead. $1 and IOREWIND_TRACE are a trace; it exits"
                    + " with 1 to 127 if that still shows it, with 0 if not, with 125 if it cannot tell; with more to"
                    + " give up.")
    private @Nullable String script;

    @Option(
            names = "-o",
            paramLabel = "OUT",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Option(names = "--jsonl", paramLabel = "FILE", description = "Write its events as JSON Lines too, to be edited.")
    private @Nullable Path jsonl;

    @Option(names = "--max-replays", paramLabel = "N", description = "Try so often at most. Default: ${DEFAULT-VALUE}.")
    private long mostReplays = 5000;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    MinimizeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if ((keep == null) == (script == null)) {
            throw new UsageException("minimize: expected either --keep CEL or --script CMD");
        }
        if (mostReplays < 1) {
            throw new UsageException("--max-replays: expected 1 or more, found: " + mostReplays);
        }
        Destination.refuseInput(target, List.of(trace.path));
        TraceTarget.check(target, output.force);
        if (jsonl != null) {
            Destination.refuseInput(jsonl, List.of(trace.path));
            Destination.file(jsonl, output.force);
        }
        String asked = keep == null ? script : keep;
        Optional<Minimizer.Result> found = minimize();
        if (found.isPresent()) {
            write(found.get().selection());
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                MinimizeJson.write(
                        json,
                        trace.path.toString(),
                        keep == null ? "script" : "predicate",
                        String.valueOf(asked),
                        found,
                        target,
                        jsonl);
            }
        } else {
            MinimizeView.print(String.valueOf(asked), found, target, keep != null, terminal);
        }
        return found.isPresent() ? ExitCode.FOUND : ExitCode.OK;
    }

    private Optional<Minimizer.Result> minimize() throws IOException {
        StatePredicate predicate = predicate();
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("minimizing", "replays")) {
            Minimizer minimizer = new Minimizer(reader, profile.options().withProgress(progress), mostReplays);
            EndSignals signals = EndSignals.handle(minimizer::stop);
            try {
                return predicate == null ? byScript(minimizer) : minimizer.keep(predicate);
            } finally {
                signals.ended();
            }
        }
    }

    private @Nullable StatePredicate predicate() {
        try {
            return keep == null ? null : StatePredicate.compile(keep);
        } catch (FilterException e) {
            throw e.of("--keep");
        }
    }

    private Optional<Minimizer.Result> byScript(Minimizer minimizer) throws IOException {
        String command = String.valueOf(script);
        try (ScratchFolder folder = ScratchFolder.make(null)) {
            Path candidate = folder.path().resolve("candidate.iorw");
            return minimizer.keep(selection -> {
                try {
                    Files.deleteIfExists(candidate);
                    try (ArchiveWriter archive = ArchiveWriter.create(candidate)) {
                        selection.writeTo(archive);
                    }
                    return Script.shows(command, candidate, terminal);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(Selection selection) {
        try (TraceTarget made = TraceTarget.create(target, output.force)) {
            selection.writeTo(made.appender());
            made.finish();
        }
        if (jsonl != null) {
            try (TraceReader reader = Traces.open(target);
                    OutputFile file = OutputFile.create(jsonl, output.force)) {
                JsonLinesExporter.export(reader, file.stream());
                file.finish();
            }
        }
    }
}
