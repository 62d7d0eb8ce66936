package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Span;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.ReplayResult;

/** The first screen: how many faults, which device, which address, why; or that there is none. */
final class VerdictSection {
    private static final int ROOM = 40_000;

    /** Faults named in the first screen; all of them follow below it. */
    private static final int SHOWN = 5;

    private VerdictSection() {}

    static Section of(Analysis analysis, Headline headline) {
        Tone tone = switch (headline.outcome()) {
            case FAULTS -> Tone.BAD;
            case DIVERGENCES, FINDINGS -> Tone.ODD;
            case CLEAN -> Tone.GOOD;
        };
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(Block.Style.LEAD, Line.of(headline.detail())));
        faults(blocks, analysis.faults());
        blocks.add(figures(analysis));
        for (String caution : headline.cautions()) {
            blocks.add(new Block.Paragraph(Block.Style.CAUTION, Line.of(caution)));
        }
        return new Section("verdict", "", headline.title(), tone, ROOM, blocks, List.of());
    }

    private static void faults(List<Block> blocks, List<FaultExplanation> faults) {
        if (faults.isEmpty()) {
            return;
        }
        List<Block.Item> items = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, faults.size()); i++) {
            FaultExplanation fault = faults.get(i);
            String times = fault.count() > 1 ? " (" + Notation.count(fault.count()) + " times)" : "";
            items.add(new Block.Item(
                    Line.empty()
                            .link(fault.device(), "fault-" + (i + 1))
                            .and(" " + fault.access() + " ")
                            .and(Span.Kind.CODE, Notation.range(fault.firstAddress(), fault.lastAddress()))
                            .and(" " + fault.verdict().sentence() + times),
                    ""));
        }
        blocks.add(new Block.Items(Block.ListKind.SUSPECTS, items));
        if (faults.size() > SHOWN) {
            blocks.add(new Block.Paragraph(
                    Block.Style.NORMAL,
                    Line.empty().link("and " + Notation.count(faults.size() - SHOWN) + " more", "faults")));
        }
    }

    private static Block.Figures figures(Analysis analysis) {
        ReplayResult replay = analysis.replay();
        long broken = analysis.rules().atLeast(Severity.WARNING);
        ReplayResult.Observations seen = replay.observations();
        return new Block.Figures(List.of(
                figure("events replayed", replay.events(), Tone.PLAIN, "mix"),
                figure("refused requests", replay.faultCount(), Tone.BAD, "faults"),
                figure("rules broken", broken, Tone.ODD, "rules"),
                figure("observations compared", seen.compared(), Tone.PLAIN, "comparison"),
                figure("divergences", seen.divergences(), Tone.ODD, "comparison"),
                figure("gaps", replay.gaps(), Tone.ODD, "session"),
                new Block.Figure("fidelity", replay.fidelity(), Tone.PLAIN, "session")));
    }

    /** A number; the tone is for one above 0. */
    private static Block.Figure figure(String name, long value, Tone tone, String target) {
        return new Block.Figure(name, Notation.count(value), value > 0 ? tone : Tone.PLAIN, target);
    }
}
