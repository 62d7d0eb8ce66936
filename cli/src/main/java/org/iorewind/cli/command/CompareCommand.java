package org.iorewind.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.UnitCosts;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.CompareJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.view.CompareView;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind compare TRACE...}. */
@Command(
        name = "compare",
        header = "Compare what operations cost in several recordings: counts first, weighted cost second.",
        description = {
            "",
            "An operation is the outermost call of a driver, or a request of a device. Everything that takes time while it"
                    + " lasts is counted for it: exits, calls, commands, table writes, reads, interrupts.",
            "Example: what does a hardware vIOMMU save a guest that maps and unmaps?",
            "  iorewind compare sw.iorw hw.iorw hybrid.iorw",
            ""
        })
final class CompareCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "TRACE", arity = "1..*", description = "The recordings: archives or journals.")
    private List<String> traces = new ArrayList<>();

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "Unit costs as JSON, in place of those that come with the program.")
    private String costs = "";

    @Mixin
    private JsonOption result = new JsonOption();

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        UnitCosts weights = costs.isEmpty() ? UnitCostsReader.builtIn() : read();
        List<CostComparison.Column> columns = new ArrayList<>();
        for (String name : traces) {
            Path path = Path.of(name);
            TraceParameter.requireExisting(path, "a journal directory or an archive");
            try (TraceReader trace = Traces.open(path);
                    ProgressLine progress = terminal.progress("replaying", "events")) {
                ReplayOptions options = ReplayOptions.defaults().withProgress(progress);
                columns.add(CostComparison.Column.of(trace, name, options));
            }
        }
        CostComparison comparison = new CostComparison(columns, weights);
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                CompareJson.write(json, comparison);
            }
        } else {
            CompareView.print(comparison, terminal);
        }
        return ExitCode.OK;
    }

    private UnitCosts read() throws IOException {
        try (InputStream in = Files.newInputStream(TraceParameter.input(costs, "a file of unit costs"))) {
            return UnitCostsReader.read(in, costs);
        }
    }
}
