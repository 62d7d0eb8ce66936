package org.iorewind.cli.view;

import java.time.Instant;
import java.util.Locale;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.trace.SessionInfo;

/** A trace's description as text. */
public final class DescribeView {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private DescribeView() {}

    /** Prints the description. */
    public static void print(TraceSummary summary, Terminal terminal) {
        Lines lines = new Lines(terminal);
        SessionInfo session = summary.session();
        lines.line(lines.style().strong(PlainText.clean(summary.trace())));
        lines.fact("kept as", summary.storeKind() + ", " + Notation.size(summary.sizeBytes()));
        lines.fact("session", session.sessionId());
        lines.fact("platform", session.platform());
        lines.fact("recorded by", session.tool());
        lines.fact("profile", session.profile());
        lines.fact("fidelity", word(session.fidelity().name()) + meaning(session));
        lines.fact("knows the past from", word(session.startState().name()));
        if (session.startUnixNs() != 0) {
            lines.fact("started", instant(session.startUnixNs()));
        }
        lines.fact("duration", Notation.time(summary.lastTimeNs() - summary.firstTimeNs()));
        lines.fact("ended", summary.ended() ? "in order" : "no: the recording is unfinished");
        lines.fact("gaps", Notation.count(summary.gaps()));
        lines.fact("can miss", session.contract().isBlank() ? "the recording does not say" : session.contract());
        lines.heading(Notation.count(summary.events(), "event"));
        lines.counts(summary.byKind());
        String trace = ShellWord.quote(summary.trace());
        lines.next("replay " + trace, "dump " + trace + " --limit 40", "report " + trace + " -o report.html");
    }

    private static String meaning(SessionInfo session) {
        return switch (session.fidelity()) {
            case FULL -> ": memory recorded, every translation can be walked again";
            case OBSERVED -> ": translations known as observations only";
            case LOG -> ": faults only";
            case SBE_UNKNOWN, NULL_VAL -> "";
        };
    }

    private static String instant(long unixNs) {
        long seconds = Math.floorDiv(unixNs, NS_PER_SECOND);
        return Instant.ofEpochSecond(seconds, Math.floorMod(unixNs, NS_PER_SECOND))
                .toString();
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
