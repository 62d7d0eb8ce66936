package org.iorewind.replay.minimize;

import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.Effects;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.SessionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Replays events as they are appended, and asks a predicate after each until it holds. What comes then is not looked at. The
 * first event must be a {@code SessionStart}. Not thread-safe.
 */
public final class PredicateProbe implements EventAppender {
    private final StatePredicate predicate;
    private final ReplayOptions options;
    private final String source;
    private final BooleanSupplier isOver;
    private final FrameEventView view = new FrameEventView();
    private final Effects effects = new Effects();
    private @Nullable Playback playback;
    private boolean hasHeld;
    private int handled;

    /**
     * A probe.
     *
     * @param predicate what is asked
     * @param options of the replay
     * @param source name of what is replayed, for messages
     * @param isOver asked before each event: whether to look at no more, and to say that it has not held
     */
    public PredicateProbe(StatePredicate predicate, ReplayOptions options, String source, BooleanSupplier isOver) {
        this.predicate = predicate;
        this.options = options;
        this.source = source;
        this.isOver = isOver;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        if (hasHeld || isOver.getAsBoolean()) {
            return SEQUENCE_PENDING;
        }
        if (view.tryWrap(buffer, offset, offset + lengthBytes, handled) != null) {
            throw new IllegalStateException("a frame that a reader showed is not sound: event=" + handled);
        }
        Playback replay = playback;
        if (replay == null) {
            replay = Playback.start(SessionInfo.of(view), source, options, effects);
            playback = replay;
        }
        replay.handle(view);
        hasHeld = predicate.holds(view, replay, effects);
        return handled++;
    }

    /** All events were appended: whether it has held at one of them, or does so now that no more can be observed. */
    public boolean hasHeld() {
        if (!hasHeld && playback != null && !isOver.getAsBoolean()) {
            playback.settle();
            hasHeld = predicate.holds(view, playback, effects);
        }
        return hasHeld;
    }

    /** How many events were looked at. */
    int handled() {
        return handled;
    }

    @Override
    public void close() {}
}
