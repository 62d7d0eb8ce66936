package org.iorewind.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.DemoJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.ReportFile;
import org.iorewind.cli.output.SealedCopy;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;

/**
 * Takes one real capture all the way from its log to the report. Every step is what the command printed beside it does.
 * One thread.
 */
public final class Demo {
    private final Path directory;
    private final Capture capture;
    private final Terminal terminal;

    /**
     * A demo.
     *
     * @param directory to work in
     * @param captureName name of a capture that is a log, or empty for the one made for showing
     * @throws UsageException if there is no such log
     */
    public Demo(Path directory, String captureName, Terminal terminal) {
        this.directory = directory;
        this.terminal = terminal;
        this.capture = captureName.isEmpty()
                ? Captures.logs().get(0)
                : Captures.logs().stream()
                        .filter(log -> log.name().equals(captureName))
                        .findFirst()
                        .orElseThrow(() -> new UsageException("--capture: expected the name of a log, found: "
                                + captureName + "; there are: "
                                + String.join(
                                        ", ",
                                        Captures.logs().stream()
                                                .map(Capture::name)
                                                .toList())));
    }

    /**
     * Runs it.
     *
     * @param asJson whether to print one JSON document at the end instead of the story
     * @throws IOException if the folder cannot be written
     */
    public void run(boolean asJson) throws IOException {
        DemoFolder folder = DemoFolder.open(directory);
        Path log = folder.claim(capture.file());
        Path journal = folder.claim(capture.name() + ".journal");
        Path archive = folder.claim(capture.name() + ".iorw");
        Path html = folder.claim(capture.name() + ".html");
        Narrator tell = new Narrator(terminal, asJson);
        tell.begin(capture);
        capture.extractTo(folder.path());
        tell.extracted(log);

        ImportResult imported = importLog(log, journal);
        tell.imported(imported, log, journal);

        IntegrityReport intact;
        long events;
        try (TraceReader reader = Traces.open(journal);
                ProgressLine progress = terminal.progress("sealing", "events")) {
            intact = reader.check();
            events = SealedCopy.make(reader, archive, true, false, progress);
        }
        tell.sealed(intact, events, journal, archive);

        Analysis analysis;
        try (TraceReader reader = Traces.open(archive);
                ProgressLine progress = terminal.progress("replaying", "events")) {
            analysis = Analyses.faults(reader, ReplayOptions.defaults().withProgress(progress));
        }
        tell.replayed(analysis, archive);
        ReportFile.write(analysis, ReportFile.Form.HTML, html, true);
        tell.end(analysis, archive, html, ShellWord.quote(directory.toString()));
        if (asJson) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                DemoJson.write(json, new DemoFiles(log, journal, archive, html), imported, analysis);
            }
        }
    }

    private ImportResult importLog(Path log, Path journal) {
        try (TraceTarget trace = TraceTarget.create(journal, true);
                ProgressLine progress = terminal.progress("importing", "lines")) {
            ImportResult imported =
                    QemuLogImport.run(List.of(log), trace.appender(), ImportOptions.defaults(), progress);
            trace.finish();
            return imported;
        }
    }
}
