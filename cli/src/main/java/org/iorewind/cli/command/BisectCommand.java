package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.bisect.ChangeResult;
import org.iorewind.cli.bisect.FoundEvent;
import org.iorewind.cli.bisect.HashResult;
import org.iorewind.cli.bisect.OptionResult;
import org.iorewind.cli.bisect.OtherBuild;
import org.iorewind.cli.bisect.Script;
import org.iorewind.cli.json.AlignmentJson;
import org.iorewind.cli.json.BisectJson;
import org.iorewind.cli.json.ChangeJson;
import org.iorewind.cli.json.HashJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.OptionJson;
import org.iorewind.cli.view.AlignmentView;
import org.iorewind.cli.view.BisectView;
import org.iorewind.cli.view.ChangeView;
import org.iorewind.cli.view.HashView;
import org.iorewind.cli.view.OptionView;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.FirstHolding;
import org.iorewind.replay.bisect.TraceAlignment;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind bisect TRACE}. */
@Command(
        name = "bisect",
        header = "Find the first event that matters: for a predicate, a program, or between two traces or models.",
        description = {
            "",
            "With --first, the first event after which a predicate over event and state holds:",
            "  iorewind bisect boot.iorw --first 'faults > 0'",
            "  iorewind bisect boot.iorw --first \"dte('00:03.0').mode == 0 && events > 5000\"",
            "With --script, the first event for which a program says so, as git bisect run does:",
            "  iorewind bisect boot.iorw --script ./is-bad.sh --log bad.log",
            "With two traces of the same work, the first event at which they differ in meaning, and what it costs:",
            "  iorewind bisect strict.iorw lazy.iorw",
            "With --cost, where operations begin to cost more or less, and because of what:",
            "  iorewind bisect boot.iorw --cost",
            "With one trace under two sets of options, the first event at which the model behaves otherwise:",
            "  iorewind bisect boot.iorw --option iotlb.entries=64 --against iotlb.entries=1024",
            "With another build of this program, the first event that leads to another state:",
            "  iorewind bisect boot.iorw --build old/iorewind",
            ""
        })
final class BisectCommand implements Callable<Integer> {
    private static final String WEIGHTED = "weighted";

    private final Terminal terminal;

    @Parameters(paramLabel = "TRACE", arity = "1..2", description = "A trace, or two: journals or archives.")
    private List<String> traces = new ArrayList<>();

    @Option(
            names = "--first",
            paramLabel = "CEL",
            description = "The predicate; see docs/time-travel.md for its names.")
    private @Nullable String first;

    @Option(
            names = "--monotone",
            description =
                    "Take it that the predicate, once it holds, holds for ever: then it is found by halving. Known of"
                            + " comparisons such as faults > 3; any other predicate is asked for each event.")
    private boolean isMonotone;

    @Option(names = "--threads", paramLabel = "N", description = "Ask in so many parts of the trace at once.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--script",
            paramLabel = "CMD",
            description = "A command for the shell. $1 and IOREWIND_TRACE are TRACE, $2 and IOREWIND_SEQUENCE a"
                    + " sequence number. It exits with 0 while all is well, with 1 to 127 from the event that is looked"
                    + " for on, with 125 if it cannot tell; with more to give up.")
    private @Nullable String script;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description =
                    "With --script: what was found is added to this file, and what stands there is not asked again.")
    private @Nullable Path log;

    @Option(
            names = "--cost",
            paramLabel = "COUNTER",
            arity = "0..1",
            fallbackValue = WEIGHTED,
            description = "Find where operations begin to cost something else: by the weighted cost, or by a counter of"
                    + " 'compare', such as hostCommands.")
    private @Nullable String cost;

    @Option(
            names = "--hashes",
            paramLabel = "FILE",
            description =
                    "Find where states and outcomes of this program differ from those of another build, which wrote this file"
                            + " with 'index --hashes'.")
    private @Nullable Path hashes;

    @Option(
            names = "--build",
            paramLabel = "PROGRAM",
            description = "The same, by asking the other build itself, the launcher PROGRAM: the event is named.")
    private @Nullable Path build;

    @Mixin
    private AgainstOption against = new AgainstOption();

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private CacheOption cache = new CacheOption();

    @Mixin
    private JsonOption result = new JsonOption();

    BisectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        int questions = (first == null ? 0 : 1)
                + (script == null ? 0 : 1)
                + (cost == null ? 0 : 1)
                + (hashes == null ? 0 : 1)
                + (build == null ? 0 : 1)
                + (traces.size() == 2 ? 1 : 0)
                + (against.isAsked() ? 1 : 0);
        if (questions != 1) {
            throw new UsageException(
                    "bisect: expected one of --first CEL, --script CMD, --cost, --option and --against,"
                            + " --build, --hashes,"
                            + " or a second TRACE; found " + questions);
        }
        if (threads < 1) {
            throw new UsageException("--threads: expected 1 or more, found: " + threads);
        }
        if (log != null && script == null) {
            throw new UsageException("--log: expected together with --script");
        }
        if (first != null) {
            return first(first);
        }
        if (script != null) {
            return byScript(script);
        }
        if (cost != null) {
            return byCost(cost);
        }
        if (hashes != null) {
            List<String> lines = Files.readAllLines(TraceParameter.input(hashes.toString(), "a file of hashes"));
            return byHashes("hashes", hashes, (trace, options) -> HashResult.compare(trace, options, lines));
        }
        if (build != null) {
            TraceParameter.requireExisting(build, "the launcher of another build");
            Path program = build.toAbsolutePath();
            OtherBuild other = new OtherBuild(program, Words.path(traces.get(0)), profile.label());
            return byHashes("build", build, other::search);
        }
        return against.isAsked() ? underOptions() : between();
    }

    /** Compares the states of another build with those of this one. */
    private interface HashComparison {
        HashResult compare(TraceReader trace, ReplayOptions options) throws IOException;
    }

    private int byHashes(String name, Path other, HashComparison comparison) throws IOException {
        HashResult found;
        try (TraceReader trace = open(traces.get(0));
                ProgressLine progress = terminal.progress("comparing", "events")) {
            found = comparison.compare(trace, profile.options().withProgress(progress));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + name + ": " + other + ": " + e.getMessage());
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                HashJson.write(json, traces.get(0), name, other.toString(), found);
            }
        } else {
            HashView.print(traces.get(0), found, terminal);
        }
        return found.comparison().firstUnlike() < 0 ? ExitCode.OK : ExitCode.FOUND;
    }

    private int byCost(String name) throws IOException {
        CostCounter counter = name.equals(WEIGHTED)
                ? null
                : CostCounter.ofName(name)
                        .orElseThrow(() -> new UsageException("--cost: expected nothing, or one of "
                                + Arrays.stream(CostCounter.values())
                                        .map(CostCounter::key)
                                        .collect(Collectors.joining(", "))
                                + "; found: " + name));
        ChangeResult found;
        try (TraceReader trace = open(traces.get(0));
                ProgressLine progress = terminal.progress("counting", "events")) {
            found = ChangeResult.find(trace, profile.options().withProgress(progress), counter);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                ChangeJson.write(json, traces.get(0), found);
            }
        } else {
            ChangeView.print(traces.get(0), found, terminal);
        }
        return found.found().changes().isEmpty() ? ExitCode.OK : ExitCode.FOUND;
    }

    private int underOptions() throws IOException {
        OptionResult found;
        try (TraceReader trace = open(traces.get(0));
                ProgressLine progress = terminal.progress("comparing", "events")) {
            ReplayOptions usual = profile.options().withProgress(progress);
            ReplayOptions a = against.first(usual);
            ReplayOptions b = against.second(usual);
            found = OptionResult.compare(trace, traces.get(0), a, b, AgainstOption.name(a), AgainstOption.name(b));
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                OptionJson.write(json, traces.get(0), found);
            }
        } else {
            OptionView.print(traces.get(0), found, terminal);
        }
        return found.isSame() ? ExitCode.OK : ExitCode.FOUND;
    }

    private int between() throws IOException {
        TraceAlignment.Result difference;
        CostComparison costs;
        try (TraceReader a = open(traces.get(0));
                TraceReader b = open(traces.get(1));
                ProgressLine progress = terminal.progress("comparing", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            difference = TraceAlignment.compare(a, b, options);
            costs = new CostComparison(
                    List.of(
                            CostComparison.Column.of(a, traces.get(0), options),
                            CostComparison.Column.of(b, traces.get(1), options)),
                    UnitCostsReader.builtIn());
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                AlignmentJson.write(json, traces.get(0), traces.get(1), difference, costs);
            }
        } else {
            AlignmentView.print(traces.get(0), traces.get(1), difference, costs, terminal);
        }
        return difference.first() == null ? ExitCode.OK : ExitCode.FOUND;
    }

    private int first(String expression) throws IOException {
        StatePredicate predicate;
        try {
            predicate = StatePredicate.compile(expression);
        } catch (FilterException e) {
            throw e.of("--first");
        }
        try (TraceReader trace = open(traces.get(0));
                ProgressLine progress = terminal.progress("searching", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            OptionalLong found;
            try (CheckpointStore store = cache.open(trace, options)) {
                FirstHolding search =
                        new FirstHolding(trace, options, store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS));
                boolean halve = isMonotone || predicate.isMonotone();
                found = halve ? search.monotone(predicate) : search.scan(predicate, threads);
            }
            return tell(trace, "predicate", expression, found);
        }
    }

    private int byScript(String command) throws IOException {
        try (TraceReader trace = open(traces.get(0))) {
            Script program = new Script(command, traces.get(0), log, terminal);
            return tell(trace, "script", command, program.search(trace));
        }
    }

    private int tell(TraceReader trace, String what, String asked, OptionalLong sequence) throws IOException {
        FoundEvent found = sequence.isPresent() ? FoundEvent.read(trace, sequence.getAsLong()) : null;
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                BisectJson.write(json, traces.get(0), what, asked, found);
            }
        } else {
            BisectView.print(traces.get(0), asked, found, terminal);
        }
        return found == null ? ExitCode.OK : ExitCode.FOUND;
    }

    private static TraceReader open(String name) {
        Path path = Words.path(name);
        TraceParameter.requireExisting(path, "a journal directory or an archive (.iorw)");
        return Traces.open(path);
    }
}
