package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;

/**
 * Events over time: a timeline to look into, a chart for paper and for pages without script, and the same numbers as a
 * table for those who cannot see either or want digits.
 */
final class MixSection {
    private static final int ROOM = 600_000;

    /** Rows of the table: neighbouring time slices are added up until so few are left. */
    private static final int TABLE_ROWS = 60;

    private static final int CHART_SLICES = 120;

    private static final int FEW_KINDS = 12;
    private static final int SLICES_OF_FEW = 2_048;
    private static final int SLICES_OF_MANY = 1_024;

    private MixSection() {}

    static Section of(Analysis analysis) {
        EventMix mix = analysis.mix();
        List<Block> blocks = new ArrayList<>();
        if (mix.slices() < 1 || mix.kinds().isEmpty()) {
            blocks.add(Block.Paragraph.of("The trace holds no events to draw."));
        } else {
            blocks.add(timeline(analysis));
            blocks.add(Block.Paragraph.of("One row for each kind of event. The height of a bar is the logarithm of the"
                    + " count, so that a single event stays visible beside thousands; all rows share one scale."));
            EventMix coarse = mix.coarsened(CHART_SLICES);
            blocks.add(new MixChart(coarse).picture(analysis.faults()));
            blocks.add(new Block.Details(Line.of("The same numbers as a table"), false, List.of(table(coarse))));
        }
        return new Section(
                "mix",
                "Events over time",
                "Events over time",
                Tone.PLAIN,
                ROOM,
                blocks,
                List.of("iorewind dump " + ShellWord.quote(analysis.tracePath())));
    }

    private static Block timeline(Analysis analysis) {
        EventMix all = analysis.mix();
        // A page must stay small, whatever occurs in the trace.
        EventMix mix = all.coarsened(all.kinds().size() > FEW_KINDS ? SLICES_OF_MANY : SLICES_OF_FEW);
        List<Block.Series> series = new ArrayList<>();
        for (EventMix.Row row : mix.kinds()) {
            series.add(new Block.Series(row.kind(), MixChart.style(row.kind()), row.counts()));
        }
        List<Block.Mark> marks = new ArrayList<>();
        int number = 1;
        for (FaultExplanation fault : analysis.faults()) {
            marks.add(new Block.Mark(fault.timeNs(), "fault " + number++ + ", " + fault.device()));
        }
        String command = "iorewind dump " + ShellWord.quote(analysis.tracePath()) + " --filter ";
        return new Block.Timeline(mix.startNs(), mix.sliceNs(), series, marks, command);
    }

    private static Block table(EventMix mix) {
        List<EventMix.Row> kinds =
                mix.kinds().subList(0, Math.min(MixChart.ROW_LIMIT, mix.kinds().size()));
        int step = (mix.slices() + TABLE_ROWS - 1) / TABLE_ROWS;
        String[] columns = new String[kinds.size() + 1];
        columns[0] = "From";
        for (int i = 0; i < kinds.size(); i++) {
            columns[i + 1] = "#" + kinds.get(i).kind();
        }
        Rows rows = new Rows("Events in each " + Notation.time(mix.sliceNs() * step), columns);
        for (int slice = 0; slice < mix.slices(); slice += step) {
            rows.row(Notation.time(mix.startNs() + slice * mix.sliceNs()));
            for (EventMix.Row kind : kinds) {
                long sum = sum(kind.counts(), slice, slice + step);
                rows.add(sum == 0 ? Block.CellKind.NONE : Block.CellKind.NUMBER, Notation.count(sum));
            }
        }
        return rows.table();
    }

    /** Sum of the counts in [from, to), as far as there are any. */
    static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = from; i < Math.min(to, counts.length); i++) {
            sum += counts[i];
        }
        return sum;
    }
}
