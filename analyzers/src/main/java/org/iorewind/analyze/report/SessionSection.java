package org.iorewind.analyze.report;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.SessionInfo;

/** What was recorded, by whom, and how completely: every conclusion above rests on this. */
final class SessionSection {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private SessionSection() {}

    static void write(HtmlWriter html, ReplayResult replay) throws IOException {
        SessionInfo session = replay.session();
        html.line("<section id=\"session\" aria-labelledby=\"session-title\">");
        html.line("<h2 id=\"session-title\">Session</h2>");
        html.line("<h3>What this recording can miss</h3>");
        html.raw("<blockquote><p>")
                .text(session.contract().isBlank() ? "The recording does not say." : session.contract())
                .line("</p></blockquote>");
        html.tableHead("The session", "Property", "Value");
        html.fact("Session id", session.sessionId());
        html.fact("Recorded by", session.tool());
        html.fact("Platform", session.platform());
        html.fact("Started", started(session.startUnixNs()));
        html.fact("Knows the past from", label(session.startState().name()));
        html.fact("Length", Notation.time(replay.lastTimeNs()));
        html.fact("Ended in order", replay.ended() ? "yes" : "no");
        html.fact("Profile of the recorded device", session.profile());
        html.fact("Profile of the replay", replay.profile());
        html.fact("Fidelity of the recording", label(session.fidelity().name()));
        html.fact("Fidelity of the replay", replay.fidelity());
        html.fact("Gaps", Notation.count(replay.gaps()));
        html.fact("Registers at", known(session.mmioBase()));
        html.fact("Extended features (EFR)", known(session.extendedFeatures()));
        html.fact("Extended features 2 (EFR2)", known(session.extendedFeatures2()));
        html.fact("State hash", replay.stateHash());
        html.tableEnd();
        ComparisonSection.counts(html, "Events by kind", "Kind", replay.byKind());
        html.line("</section>");
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
