package org.iorewind.analyze;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.model.platform.CallNames;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DriverCallDecoder;

/**
 * The calls of drivers that have begun and not ended, as a recording marks them. One that a recorder did not see end is dropped
 * when one around it ends. Not thread-safe.
 */
final class OpenCalls {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NAME = 60;

    private record Call(String name, int guest, long sequence) {}

    private final Deque<Call> calls = new ArrayDeque<>();
    private final DriverCallDecoder decoder = new DriverCallDecoder();
    private int shadowSyncs;

    /** Takes a {@code DriverCall}. */
    void take(EventView event) {
        decoder.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        CallPhase phase = decoder.phase();
        if (phase != CallPhase.ENTER && phase != CallPhase.EXIT) {
            return;
        }
        String name = decoder.call();
        if (phase == CallPhase.EXIT) {
            leave(name);
        } else if (calls.size() < DEEPEST) {
            shadowSyncs += name.equals(CallNames.SHADOW_SYNC) ? 1 : 0;
            calls.addFirst(new Call(name, event.guest(), event.sequence()));
        }
    }

    private void leave(String name) {
        if (calls.stream().noneMatch(call -> call.name().equals(name))) {
            return;
        }
        while (true) {
            Call ended = calls.removeFirst();
            shadowSyncs -= ended.name().equals(CallNames.SHADOW_SYNC) ? 1 : 0;
            if (ended.name().equals(name)) {
                return;
            }
        }
    }

    /** Whether a VMM brings a shadow table up to date. */
    boolean isShadowSync() {
        return shadowSyncs > 0;
    }

    /** Whether the call that was taken last begins to bring a shadow table up to date at an address. */
    boolean beginsShadowSync(long address) {
        boolean covers = decoder.size() == 0 || Long.compareUnsigned(address - decoder.iova(), decoder.size()) < 0;
        Call innermost = calls.peekFirst();
        return innermost != null && innermost.name().equals(CallNames.SHADOW_SYNC) && covers;
    }

    /** The innermost call, and the one around all others, to be put behind what happened; empty if there is none. */
    String words() {
        Iterator<Call> all = calls.iterator();
        if (!all.hasNext()) {
            return "";
        }
        Call innermost = all.next();
        Call outermost = calls.getLast();
        String around = calls.size() == 1 ? "" : " within " + words(outermost);
        return ", in " + words(innermost) + around;
    }

    private static String words(Call call) {
        String whose = call.guest() < 0 ? "" : " of guest " + call.guest();
        return PlainText.clip(call.name(), LONGEST_NAME) + whose + " (" + Notation.sequence(call.sequence()) + ")";
    }
}
