package org.iorewind.cli.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.export.AnalysisTables;
import org.iorewind.analyze.export.EventTables;
import org.iorewind.analyze.export.TableTarget;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;

/**
 * Which tables of a trace are wanted.
 *
 * @param all the table of all events
 * @param kinds kinds of events
 * @param analysis tables of the analysis, which costs a replay
 */
record TableChoice(boolean all, Set<EventKind> kinds, List<String> analysis) {
    /** Every table there is, but that of all events, which holds nothing that the others do not. */
    static TableChoice everything() {
        return new TableChoice(false, EnumSet.allOf(EventKind.class), AnalysisTables.names());
    }

    /**
     * One by its name.
     *
     * @throws UsageException if there is none; the message names them all
     */
    static TableChoice of(String command, String name) {
        if (EventTables.ALL.equals(name)) {
            return new TableChoice(true, EnumSet.noneOf(EventKind.class), List.of());
        }
        StringBuilder kinds = new StringBuilder(EventTables.ALL);
        for (EventKind kind : EventKind.values()) {
            if (kind.label().equals(name)) {
                return new TableChoice(false, EnumSet.of(kind), List.of());
            }
            kinds.append(", ").append(kind.label());
        }
        if (AnalysisTables.names().contains(name)) {
            return new TableChoice(false, EnumSet.noneOf(EventKind.class), List.of(name));
        }
        throw new UsageException(command + ": --table: expected " + String.join(", ", AnalysisTables.names()) + ", "
                + kinds + "; found " + name);
    }

    /** Writes them. */
    void write(TraceReader reader, ProfileOption profile, Terminal terminal, boolean areEmptyWanted, TableTarget target)
            throws IOException {
        if (all || !kinds.isEmpty()) {
            EventTables.write(reader, kinds, all, areEmptyWanted, target);
        }
        if (!analysis.isEmpty()) {
            Analysis found;
            try (ProgressLine progress = terminal.progress("replaying", "events")) {
                found = Analyses.analyze(reader, profile.options().withProgress(progress));
            }
            for (String name : analysis) {
                AnalysisTables.write(found, name, target);
            }
        }
    }
}
