package org.iorewind.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.UnitCosts;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.analyze.gate.GateResult;
import org.iorewind.analyze.gate.JUnitReport;
import org.iorewind.analyze.gate.Limit;
import org.iorewind.analyze.gate.RegressionGate;
import org.iorewind.analyze.gate.SarifReport;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.GateJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.cli.view.GateView;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind check-regression BASE NEW}. */
@Command(
        name = "check-regression",
        header = "Fail if the same work costs more than it did.",
        description = {
            "",
            "Both recordings are replayed and counted; counts are exact, so there is no noise to allow for.",
            "Exit code 1: something went beyond its limit.",
            "Example: may a change of the driver cost 5 %% more?",
            "  iorewind check-regression old.iorw new.iorw --max-cost +5%% --max guestCommands=+0%%",
            ""
        })
final class CheckRegressionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "BASE", description = "The old recording: an archive or a journal.")
    private String base = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "The new recording of the same work.")
    private String now = "";

    @Option(
            names = "--max-cost",
            paramLabel = "+N%%",
            description = "How much more all, each workload and each operation may cost. Default: +0%%.")
    private String maxCost = "+0%";

    @Option(
            names = "--max",
            paramLabel = "COUNTER=+N%%",
            description = "How much more often something may happen, by its JSON name or symbol as in compare.")
    private Map<String, String> counters = new LinkedHashMap<>();

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "Unit costs as JSON, in place of those that come with the program.")
    private String costs = "";

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the result as JUnit XML too.")
    private @Nullable Path junit;

    @Option(names = "--sarif", paramLabel = "FILE", description = "Write the regressions as SARIF 2.1.0 too.")
    private @Nullable Path sarif;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    CheckRegressionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        RegressionGate gate = new RegressionGate(limit("--max-cost", maxCost), limits(), unitCosts());
        List<Path> inputs = List.of(Path.of(base), Path.of(now));
        Path xml = junit;
        if (xml != null) {
            Destination.refuseInput(xml, inputs);
        }
        Path json = sarif;
        if (json != null) {
            Destination.refuseInput(json, inputs);
        }
        GateResult found = gate.check(column(base), column(now));
        write(found);
        if (result.json) {
            try (JsonDocument document = JsonDocument.begin(terminal.out())) {
                GateJson.write(document, found);
            }
        } else {
            GateView.print(found, terminal);
        }
        return found.regressions().isEmpty() ? ExitCode.OK : ExitCode.FOUND;
    }

    private void write(GateResult found) throws IOException {
        Path xml = junit;
        if (xml != null) {
            try (OutputFile out = OutputFile.create(xml, output.force)) {
                Writer writer = new OutputStreamWriter(out.stream(), StandardCharsets.UTF_8);
                JUnitReport.write(found, writer);
                writer.flush();
                out.finish();
            }
        }
        Path json = sarif;
        if (json != null) {
            try (OutputFile out = OutputFile.create(json, output.force)) {
                SarifReport.write(found, out.stream());
                out.finish();
            }
        }
    }

    private static Limit limit(String option, String text) {
        return Limit.parse(text)
                .orElseThrow(() -> new UsageException(
                        "check-regression: " + option + ": expected a number of per cent such as +5%, found " + text));
    }

    private Map<CostCounter, Limit> limits() {
        Map<CostCounter, Limit> limits = new EnumMap<>(CostCounter.class);
        counters.forEach((name, text) -> limits.put(counter(name), limit("--max " + name, text)));
        return limits;
    }

    private static CostCounter counter(String name) {
        return CostCounter.ofName(name)
                .orElseThrow(() ->
                        new UsageException("check-regression: --max: expected a counter such as vmExits or X, found "
                                + name + "; iorewind help compare and docs/commands.md have the list"));
    }

    private UnitCosts unitCosts() throws IOException {
        if (costs.isEmpty()) {
            return UnitCostsReader.builtIn();
        }
        try (InputStream in = Files.newInputStream(TraceParameter.input(costs, "a file of unit costs"))) {
            return UnitCostsReader.read(in, costs);
        }
    }

    private CostComparison.Column column(String name) throws IOException {
        Path path = Path.of(name);
        TraceParameter.requireExisting(path, "a journal directory or an archive");
        try (TraceReader trace = Traces.open(path);
                ProgressLine progress = terminal.progress("replaying", "events")) {
            return CostComparison.Column.of(
                    trace, name, ReplayOptions.defaults().withProgress(progress));
        }
    }
}
