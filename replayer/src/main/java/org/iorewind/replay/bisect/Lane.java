package org.iorewind.replay.bisect;

import java.util.ArrayDeque;
import java.util.Deque;
import org.iorewind.replay.bisect.TraceAlignment.Difference;
import org.iorewind.replay.bisect.TraceAlignment.LaneResult;
import org.jspecify.annotations.Nullable;

/** What one cause did in two traces: items of the one wait for those of the other. */
final class Lane {
    private static final int MOST_WAITING = 1 << 18;
    private static final String NOTHING = "nothing more";

    private record Item(long sequence, String what) {}

    private final Deque<Item> waiting = new ArrayDeque<>();
    private boolean isWaitingA;
    private boolean isLost;
    private long countA;
    private long countB;
    private long compared;
    private long differsAt;
    private @Nullable Item firstA;
    private @Nullable Item firstB;

    void add(boolean isA, long sequence, String what) {
        if (isA) {
            countA++;
        } else {
            countB++;
        }
        if (differsAt > 0 || isLost) {
            return;
        }
        Item item = new Item(sequence, what);
        if (waiting.isEmpty() || isWaitingA == isA) {
            isWaitingA = isA;
            waiting.add(item);
            isLost = waiting.size() > MOST_WAITING;
            if (isLost) {
                waiting.clear();
            }
            return;
        }
        Item other = waiting.remove();
        compared++;
        if (!other.what.equals(what)) {
            differ(isA ? item : other, isA ? other : item);
        }
    }

    private void differ(@Nullable Item a, @Nullable Item b) {
        differsAt = compared;
        firstA = a;
        firstB = b;
        waiting.clear();
    }

    LaneResult result(String name) {
        if (differsAt == 0 && !waiting.isEmpty()) {
            compared++;
            Item item = waiting.remove();
            differ(isWaitingA ? item : null, isWaitingA ? null : item);
        }
        Item a = firstA;
        Item b = firstB;
        Difference difference = differsAt == 0
                ? null
                : new Difference(
                        name,
                        differsAt,
                        a == null ? -1 : a.sequence,
                        a == null ? NOTHING : a.what,
                        b == null ? -1 : b.sequence,
                        b == null ? NOTHING : b.what);
        return new LaneResult(name, countA, countB, difference);
    }
}
