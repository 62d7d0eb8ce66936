package org.iorewind.analyze.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.RecordedGap;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.SessionInfo;

/** What was recorded, by whom, and how completely: every conclusion above rests on this. */
final class SessionSection {
    private static final int ROOM = 100_000;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private SessionSection() {}

    static Section of(Analysis analysis) {
        ReplayResult replay = analysis.replay();
        SessionInfo session = replay.session();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(3, "What this recording can miss"));
        blocks.add(new Block.Quote(
                Line.of(session.contract().isBlank() ? "The recording does not say." : session.contract())));
        gaps(blocks, analysis);
        Rows rows = new Rows("The session", "Property", "Value");
        rows.fact("Trace", analysis.tracePath());
        rows.fact("Session id", session.sessionId());
        rows.fact("Recorded by", session.tool());
        rows.fact("Platform", session.platform());
        rows.fact("Started", started(session.startUnixNs()));
        rows.fact("Knows the past from", label(session.startState().name()));
        rows.fact("Length", Notation.time(replay.lastTimeNs()));
        rows.fact("Ended in order", replay.ended() ? "yes" : "no");
        rows.fact("Profile of the recorded device", session.profile());
        rows.fact("Profile of the replay", replay.profile());
        rows.fact("Fidelity of the recording", label(session.fidelity().name()));
        rows.fact("Fidelity of the replay", replay.fidelity());
        rows.fact("Gaps", Notation.count(replay.gaps()));
        rows.fact("Registers at", known(session.mmioBase()));
        rows.fact("Extended features (EFR)", known(session.extendedFeatures()));
        rows.fact("Extended features 2 (EFR2)", known(session.extendedFeatures2()));
        rows.fact("State hash", replay.stateHash());
        blocks.add(rows.table());
        String trace = ShellWord.quote(analysis.tracePath());
        ComparisonSection.counts(
                blocks,
                "Events by kind",
                "Kind",
                replay.byKind(),
                kind -> "iorewind dump " + trace + " --filter " + ShellWord.quote("kind == '" + plain(kind) + "'"));
        return new Section(
                "session",
                "Session",
                "Session",
                Tone.PLAIN,
                ROOM,
                blocks,
                List.of("iorewind describe " + ShellWord.quote(analysis.tracePath())));
    }

    /** Kinds that this version does not know are named by whoever wrote the trace. */
    private static String plain(String kind) {
        return kind.replace("\\", "").replace("'", "");
    }

    private static void gaps(List<Block> blocks, Analysis analysis) {
        long all = analysis.replay().gaps();
        if (all == 0) {
            blocks.add(Block.Paragraph.of("It has no gap: no source said that it lost an event."));
            return;
        }
        Rows rows =
                new Rows("Gaps: " + Notation.count(all), "#Event", "#Time", "#Events lost, at least", "Reason", "Note");
        for (RecordedGap gap : analysis.gaps()) {
            rows.row().sequence(gap.sequence()).number(Notation.time(gap.timeNs()));
            rows.number(gap.lost() < 0 ? "unknown" : Notation.count(gap.lost()));
            rows.text(label(gap.reason())).text(gap.note());
        }
        blocks.add(rows.table());
        if (all > analysis.gaps().size()) {
            blocks.add(Block.Paragraph.of(
                    "and " + Notation.count(all - analysis.gaps().size(), "more gap")));
        }
    }

    private static String started(long unixNs) {
        if (unixNs == 0) {
            return "unknown";
        }
        long seconds = Math.floorDiv(unixNs, NS_PER_SECOND);
        return Instant.ofEpochSecond(seconds, Math.floorMod(unixNs, NS_PER_SECOND))
                .toString();
    }

    /** In a session's description 0 stands for what the source does not know. */
    private static String known(long value) {
        return value == 0 ? "unknown" : Notation.hex(value);
    }

    private static String label(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
