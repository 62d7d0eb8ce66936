package org.iorewind.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.Paragraph;
import org.iorewind.analyze.report.TextReport;
import org.iorewind.analyze.report.TextStyle;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.replay.ReplayResult;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.trace.IntegrityReport;

/** Tells what the demo does and which command does the same. Silent when the result is wanted as JSON. */
final class Narrator {
    private static final String INDENT = "   ";

    private final Terminal terminal;
    private final TextStyle style;
    private final boolean silent;
    private int step;

    Narrator(Terminal terminal, boolean silent) {
        this.terminal = terminal;
        this.style = terminal.style();
        this.silent = silent;
    }

    void begin(Capture capture) {
        line(style.strong("iorewind demo: from the log of a real machine to the cause of a fault"));
        heading("The recording");
        say("Nothing here is made up: this log was written by QEMU while a real kernel ran in it.");
        say(capture.story());
    }

    void extracted(Path log) {
        say("Copied to " + log + " (" + Notation.size(log.toFile().length()) + ").");
    }

    void imported(ImportResult imported, Path log, Path journal) {
        heading("Import: the log becomes a journal of events");
        say(Notation.count(imported.lines(), "line") + " gave " + Notation.count(imported.events(), "event") + "; "
                + Notation.count(imported.unparsed()) + " could not be understood. The device was recognised as "
                + imported.profile() + ".");
        say("Every trace carries a contract that says what its source can miss; describe shows it.");
        command("import qemu-log " + word(log) + " -o my.journal");
    }

    void sealed(IntegrityReport journal, long events, Path from, Path archive) {
        heading("Check and seal: the journal becomes one portable file");
        say("The journal is " + (journal.isIntact() ? "intact" : "damaged") + ". Its " + Notation.count(events, "event")
                + " now fill " + Notation.size(archive.toFile().length()) + ".");
        command("check " + word(from));
        command("seal " + word(from) + " -o my.iorw");
        command("describe " + word(archive));
    }

    void replayed(Analysis analysis, Path archive) throws IOException {
        ReplayResult replay = analysis.replay();
        ReplayResult.Observations seen = replay.observations();
        heading("Replay: a model of the IOMMU lives through the session again");
        say("The model got every recorded input. " + Notation.count(seen.matched()) + " of "
                + Notation.count(seen.compared(), "observation") + " are what it predicted; "
                + Notation.count(seen.knownDeviations()) + " differ in documented ways, "
                + Notation.count(seen.divergences()) + " for no known reason.");
        say("State hash " + replay.stateHash() + ": the same on every machine, every time.");
        command("replay " + word(archive));
        heading("Explain: why was a device refused?");
        if (!silent) {
            TextReport.write(analysis, style, 1, terminal.command(), terminal.out());
        }
        if (replay.faultCount() > 0) {
            say("");
            say("This is the fault the recording was made for: finding it is the demo's success.");
        }
    }

    void end(Analysis analysis, Path archive, Path html, String directory) {
        heading("Report: the same with pictures, in one file");
        say("Open " + html + " in a browser. It loads nothing and talks to nobody.");
        command("report " + word(archive) + " -o my.html");
        heading("What now");
        if (!analysis.replay().faults().isEmpty()) {
            long sequence = analysis.replay().faults().get(0).sequence();
            command("dump " + word(archive) + " --from " + Math.max(0, sequence - 10) + " --to " + (sequence + 5));
        }
        command("dump " + word(archive) + " --filter \"kind == 'Translation' && outcome == 'FAULT'\"");
        command("replay " + word(archive) + " --profile spec");
        command("help");
        say("");
        say("Other recordings, each with its own story (demo --dir " + directory + " --capture NAME):");
        for (Capture other : Captures.logs()) {
            line(INDENT + style.faint(other.name()));
        }
    }

    private void heading(String text) {
        line("");
        line(style.strong(++step + "  " + text));
    }

    private void say(String text) {
        if (!silent) {
            terminal.out().print(Paragraph.of(text.isEmpty() ? "" : INDENT, text, style.columns()));
        }
    }

    private void command(String arguments) {
        line(INDENT + "$ " + style.command(terminal.command() + " " + arguments));
    }

    private void line(String text) {
        if (!silent) {
            terminal.line(text);
        }
    }

    private static String word(Path path) {
        return ShellWord.quote(path.toString());
    }
}
