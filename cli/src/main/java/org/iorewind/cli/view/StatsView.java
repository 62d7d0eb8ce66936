package org.iorewind.cli.view;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.Terminal;
import org.iorewind.trace.stats.TraceSizes;

/** Where the bytes of a trace are, as a table. */
public final class StatsView {
    private StatsView() {}

    /** Prints the whole, then each kind with its columns. */
    public static void print(String trace, TraceSizes sizes, Terminal terminal) {
        Lines lines = new Lines(terminal);
        boolean sealed = sizes.storedBytes() > 0;
        lines.line(PlainText.clean(trace) + ": " + Notation.count(sizes.events(), "event"));
        lines.fact("live", Notation.count(sizes.liveBytes()) + " bytes, " + each(sizes.liveBytes(), sizes.events()));
        if (sealed) {
            lines.fact(
                    "sealed",
                    Notation.count(sizes.storedBytes()) + " bytes, " + each(sizes.storedBytes(), sizes.events()));
            lines.fact("order of kinds", Notation.count(sizes.orderBytes()) + " bytes");
            lines.fact("headers and index", Notation.count(sizes.structureBytes()) + " bytes");
        }
        lines.heading(row("kind and column", "events", "live bytes", "stored", "per event"));
        for (TraceSizes.Kind kind : sizes.kinds()) {
            long counted = sealed ? kind.storedBytes() : kind.liveBytes();
            lines.line(row(
                    PlainText.clip(kind.name(), 28),
                    Notation.count(kind.events()),
                    Notation.count(kind.liveBytes()),
                    sealed ? Notation.count(kind.storedBytes()) : "",
                    perEvent(counted, kind.events())));
            columns(kind, sealed)
                    .forEach(column -> lines.line(row(
                            "  " + column.name(),
                            "",
                            Notation.count(column.liveBytes()),
                            sealed ? Notation.count(column.storedBytes()) : "",
                            perEvent(sealed ? column.storedBytes() : column.liveBytes(), kind.events()))));
        }
    }

    /** Of an archive only the columns that cost anything, the dearest first. */
    private static List<TraceSizes.Column> columns(TraceSizes.Kind kind, boolean sealed) {
        if (!sealed) {
            return kind.columns();
        }
        return kind.columns().stream()
                .filter(column -> column.storedBytes() > 0)
                .sorted(Comparator.comparingLong(TraceSizes.Column::storedBytes).reversed())
                .toList();
    }

    private static String row(String name, String events, String live, String stored, String each) {
        return String.format(Locale.ROOT, "  %-28s %12s %14s %12s %9s", name, events, live, stored, each)
                .stripTrailing();
    }

    private static String each(long bytes, long events) {
        return perEvent(bytes, events) + " per event";
    }

    private static String perEvent(long bytes, long events) {
        return events == 0 ? "" : String.format(Locale.ROOT, "%.2f", (double) bytes / events);
    }
}
