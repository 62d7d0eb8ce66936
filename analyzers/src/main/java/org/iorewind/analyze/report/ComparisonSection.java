package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.replay.Comparison;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.ReplayResult.Observations;

/** Recording against model: how many observations agree, and every difference that is shown in full. */
final class ComparisonSection {
    private static final int ROOM = 70_000;

    /** Divergences listed. */
    static final int LISTED = 100;

    /** Rows of a table of names and counts. */
    private static final int NAMED = 200;

    private ComparisonSection() {}

    static Section of(Analysis analysis) {
        ReplayResult replay = analysis.replay();
        Observations seen = replay.observations();
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.Paragraph.of("Replay feeds every recorded input to the model and compares what the model does"
                + " with what the recorded system did."));
        DumpCommand dump = new DumpCommand(analysis);
        Rows rows = new Rows("Observations", "What became of them", "#Count", "Meaning", "Events");
        rows.row("matched").count(seen.matched()).text("agree in every field that both sides know");
        events(rows, dump, seen.matched(), outcome(Comparison.MATCHED));
        rows.row("known deviations").count(seen.knownDeviations()).text("differ in a documented way");
        events(rows, dump, seen.knownDeviations(), outcome(Comparison.KNOWN_DEVIATION));
        rows.row("divergences").count(seen.divergences()).text("differ for no known reason, or were not observed");
        events(rows, dump, seen.divergences(), outcome(Comparison.DIVERGENCE) + " || unobserved > 0");
        rows.row("not comparable").count(seen.notComparable()).text("the trace holds too little to predict anything");
        events(rows, dump, seen.notComparable(), outcome(Comparison.NOT_COMPARABLE));
        blocks.add(rows.table());
        divergences(blocks, replay.firstDivergences(), seen.divergences());
        counts(
                blocks,
                "Known deviations of the recorded device, by id",
                "Deviation",
                replay.knownDeviations(),
                id -> dump.of("effects.deviation == '" + id + "'"));
        counts(
                blocks,
                "Inputs that need a feature the model lacks",
                "Feature",
                replay.notModelled(),
                name -> dump.of("'" + name + "' in effects.notModelled"));
        counts(
                blocks,
                "Memory the model needed and the trace does not hold",
                "Needed for",
                replay.notRecorded(),
                name -> dump.of("'" + name + "' in effects.notRecorded"));
        return new Section(
                "comparison",
                "Recording against model",
                "Recording against model",
                Tone.PLAIN,
                ROOM,
                blocks,
                List.of("iorewind replay " + ShellWord.quote(analysis.tracePath()) + " --profile "
                        + ShellWord.quote(replay.profile())));
    }

    private static String outcome(Comparison outcome) {
        return "effects.comparison == '" + outcome + "'";
    }

    private static void events(Rows rows, DumpCommand dump, long count, String filter) {
        if (count == 0) {
            rows.text("-");
        } else {
            rows.command(dump.of(filter));
        }
    }

    private static void divergences(List<Block> blocks, List<Divergence> all, long count) {
        if (all.isEmpty()) {
            return;
        }
        List<Divergence> shown = all.subList(0, Math.min(LISTED, all.size()));
        Rows rows = new Rows(
                "The first " + Notation.count(shown.size()) + " of " + Notation.count(count, "divergence"),
                "#Event",
                "#Input",
                "Kind",
                "Field",
                "Recorded",
                "Predicted",
                "State");
        for (Divergence divergence : shown) {
            rows.row().sequence(divergence.sequence()).sequence(divergence.inputSequence());
            rows.text(divergence.kind()).text(divergence.field());
            rows.code(divergence.recorded()).code(divergence.predicted()).text(divergence.state());
        }
        blocks.add(rows.table());
    }

    /**
     * A table of names and counts; nothing if there are none.
     *
     * @param command that lists what was counted under a name
     */
    static void counts(
            List<Block> blocks,
            String caption,
            String column,
            SortedMap<String, Long> counts,
            UnaryOperator<String> command) {
        if (counts.isEmpty()) {
            return;
        }
        Rows rows = new Rows(caption, column, "#Count", "Events");
        int left = NAMED;
        for (var entry : counts.entrySet()) {
            boolean isMore = left-- == 0;
            rows.row(isMore ? "and more" : entry.getKey()).count(isMore ? counts.size() - NAMED : entry.getValue());
            if (isMore) {
                rows.text("-");
                break;
            }
            rows.command(command.apply(entry.getKey()));
        }
        blocks.add(rows.table());
    }
}
