package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.GapDecoder;

/** Keeps the first gaps of a recording. One replay, one thread. */
final class GapWatcher implements ReplayListener {
    /** Gaps that are kept; more are only counted by the replay. */
    static final int MOST = 100;

    private final GapDecoder gap = new GapDecoder();
    private final List<RecordedGap> gaps = new ArrayList<>();

    @Override
    public void after(EventView event, Machine machine) {
        if (event.kind() != EventKind.GAP || gaps.size() == MOST) {
            return;
        }
        gap.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        long lost = gap.count() == 0 ? -1 : gap.count();
        gaps.add(new RecordedGap(
                event.sequence(), event.timeNs(), lost, gap.reason().name(), gap.note()));
    }

    List<RecordedGap> result() {
        return List.copyOf(gaps);
    }
}
