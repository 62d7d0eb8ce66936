package org.iorewind.cli.debug.session;

import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventView;

/** Holds where one of two tests does; both are asked about every event. */
record EitherTest(MomentTest first, MomentTest second) implements MomentTest {
    @Override
    public void begin(Playback playback) {
        first.begin(playback);
        second.begin(playback);
    }

    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        boolean isFirst = first.holds(event, playback, effects);
        boolean isSecond = second.holds(event, playback, effects);
        return isFirst || isSecond;
    }
}
