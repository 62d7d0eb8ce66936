package org.iorewind.cli.view;

import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.Terminal;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.whatif.WhatIf;

/** What would have been, for people. */
public final class WhatIfView {
    private static final int TEXT_LIMIT = 200;

    private WhatIfView() {}

    /**
     * Prints it.
     *
     * @param result what would have been
     * @param recorded the replay of what was
     */
    public static void print(WhatIf.Result result, ReplayResult recorded, Terminal terminal) {
        Lines lines = new Lines(terminal);
        ReplayResult replay = result.replay();
        lines.heading("What would have been");
        lines.fact("left out", Notation.count(result.droppedEvents(), "input"));
        lines.fact("without effect", Notation.count(result.droppedCommands(), "command"));
        lines.fact("added", Notation.count(result.injected(), "input"));
        lines.fact(
                "refused requests",
                Notation.count(replay.faultCount()) + " instead of " + Notation.count(recorded.faultCount()));
        lines.fact(
                "differences",
                Notation.count(replay.observations().divergences()) + " from the recording; the replay as recorded has "
                        + Notation.count(recorded.observations().divergences()));
        lines.fact("state hash", replay.stateHash() + " instead of " + recorded.stateHash());
        for (Divergence divergence : replay.firstDivergences()) {
            lines.line(PlainText.clip(
                    "  " + divergence.sequence() + "  " + divergence.kind() + " " + divergence.field() + ": recorded "
                            + divergence.recorded() + ", would be " + divergence.predicted(),
                    TEXT_LIMIT));
        }
    }
}
