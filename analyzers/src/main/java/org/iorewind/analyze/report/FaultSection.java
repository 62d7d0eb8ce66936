package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Span;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;

/** The faults: the first ones in full with their chain of causes, the rest in a table. */
final class FaultSection {
    private static final int ROOM = 400_000;

    /** Fault groups shown in full. */
    static final int IN_FULL = 50;

    /** Fault groups listed in the table behind them; what is beyond is counted. */
    static final int IN_TABLE = 1_000;

    /** Longest list shown for one fault. */
    static final int LIST_LIMIT = 40;

    /** Chains that are open at first. */
    private static final int OPEN = 3;

    /** Of a history that is too long, this many of the oldest stay; the rest of the room goes to the newest. */
    private static final int OLDEST_KEPT = 8;

    private FaultSection() {}

    static Section of(Analysis analysis) {
        List<FaultExplanation> faults = analysis.faults();
        List<Block> blocks = new ArrayList<>();
        if (faults.isEmpty()) {
            blocks.add(Block.Paragraph.of(
                    analysis.replay().faultCount() == 0
                            ? "No request was refused."
                            : "Requests were refused, but the analysis could not explain them."));
        }
        for (int i = 0; i < Math.min(IN_FULL, faults.size()); i++) {
            blocks.add(fault(i + 1, faults.get(i)));
        }
        if (faults.size() > IN_FULL) {
            rest(blocks, faults);
        }
        return new Section(
                "faults",
                "Faults",
                "Faults and their causes",
                Tone.PLAIN,
                ROOM,
                blocks,
                List.of("iorewind replay " + ShellWord.quote(analysis.tracePath())));
    }

    private static Block fault(int number, FaultExplanation fault) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(Block.Style.SUMMARY, Line.of(fault.summary())));
        blocks.add(tags(fault));
        Line chain = Line.of(
                "Chain of causes: " + Notation.count(Math.min(fault.history().size(), LIST_LIMIT) + 1, "step"));
        blocks.add(new Block.Details(chain, number <= OPEN, List.of(chain(fault))));
        if (!fault.walk().isEmpty()) {
            List<Block> walk = new ArrayList<>();
            if (!fault.steps().isEmpty()) {
                walk.add(WalkChart.of(number, fault));
            }
            walk.add(list(Block.ListKind.WALK, fault.walk()));
            blocks.add(new Block.Details(Line.of("The way through the tables"), number <= OPEN, walk));
        }
        if (!fault.flags().isEmpty()) {
            blocks.add(new Block.Heading(4, "What was reported"));
            blocks.add(list(Block.ListKind.BULLETS, fault.flags()));
        }
        List<Block.Box> boxes = new ArrayList<>();
        if (!fault.cannotTell().isEmpty()) {
            boxes.add(new Block.Box(
                    false, "What this recording cannot tell", list(Block.ListKind.BULLETS, fault.cannotTell())));
        }
        if (!fault.next().isEmpty()) {
            boxes.add(new Block.Box(true, "What to do next", list(Block.ListKind.BULLETS, fault.next())));
        }
        blocks.add(new Block.Boxes(boxes));
        return new Block.Article(
                "fault-" + number,
                "Fault " + number,
                Line.of(fault.device() + ", " + fault.access() + " at ")
                        .and(Span.Kind.CODE, Notation.range(fault.firstAddress(), fault.lastAddress())),
                blocks);
    }

    private static Block tags(FaultExplanation fault) {
        return new Block.Items(
                Block.ListKind.TAGS,
                List.of(
                        Block.Item.of(fault.verdict().id()),
                        Block.Item.of(Notation.count(fault.count(), "refused request")),
                        Block.Item.of(
                                fault.sequence() == fault.lastSequence()
                                        ? "event " + Notation.sequence(fault.sequence())
                                        : "events " + Notation.sequence(fault.sequence()) + " to "
                                                + Notation.sequence(fault.lastSequence())),
                        Block.Item.of("at " + Notation.time(fault.timeNs())),
                        Block.Item.of(fault.domain() < 0 ? "domain unknown" : "domain " + fault.domain())));
    }

    private static Block chain(FaultExplanation fault) {
        List<Happening> history = fault.history();
        int cut = history.size() > LIST_LIMIT ? history.size() - LIST_LIMIT : 0;
        List<Block.Step> steps = new ArrayList<>();
        if (history.isEmpty()) {
            steps.add(new Block.Step("before", "", "nothing in the recording concerns this address", false, false));
        }
        for (int i = 0; i < history.size(); i++) {
            if (cut > 0 && i == OLDEST_KEPT) {
                steps.add(new Block.Step("between", "", Notation.count(cut, "more event") + " not shown", false, true));
                i += cut;
            }
            Happening happening = history.get(i);
            steps.add(step(happening.sequence(), happening.timeNs(), happening.what(), false));
        }
        String refused = fault.count() == 1 ? "refused: " : "refused " + Notation.count(fault.count()) + " times: ";
        steps.add(
                step(fault.sequence(), fault.timeNs(), refused + fault.verdict().sentence(), true));
        return new Block.Chain(steps);
    }

    private static Block.Step step(long sequence, long timeNs, String what, boolean isEnd) {
        return new Block.Step(Notation.sequence(sequence), Notation.time(timeNs), what, isEnd, false);
    }

    private static Block.Items list(Block.ListKind kind, List<String> lines) {
        List<Block.Item> items = new ArrayList<>();
        for (String line : lines.subList(0, Math.min(LIST_LIMIT, lines.size()))) {
            Advice advice = Advice.of(line);
            items.add(new Block.Item(Line.of(advice.words()), advice.command()));
        }
        if (lines.size() > LIST_LIMIT) {
            items.add(Block.Item.of("and " + Notation.count(lines.size() - LIST_LIMIT) + " more"));
        }
        return new Block.Items(kind, items);
    }

    private static void rest(List<Block> blocks, List<FaultExplanation> faults) {
        int end = Math.min(faults.size(), IN_FULL + IN_TABLE);
        Rows rows = new Rows(
                "The other faults, " + Notation.count(faults.size() - IN_FULL),
                "#Event",
                "#Time",
                "Device",
                "Access",
                "Address",
                "#Times",
                "Verdict");
        for (FaultExplanation fault : faults.subList(IN_FULL, end)) {
            rows.row().sequence(fault.sequence()).number(Notation.time(fault.timeNs()));
            rows.text(fault.device()).text(fault.access());
            rows.code(Notation.range(fault.firstAddress(), fault.lastAddress()));
            rows.count(fault.count()).text(fault.verdict().id());
        }
        blocks.add(rows.table());
        if (faults.size() > end) {
            blocks.add(Block.Paragraph.of(Notation.count(faults.size() - end) + " more are not listed here."));
        }
    }
}
