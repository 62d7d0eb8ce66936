package org.iorewind.trace.block;

import org.agrona.DirectBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameEventView;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the events of a {@link BlockSource}. Allocates nothing per event.
 *
 * <p>Where a block cannot be trusted {@link #next()} throws, and throws again when called again; {@link #seek} leads to
 * the events before and behind it.
 */
public final class BlockCursor implements EventCursor {
    private static final String NEXT_STEP = "'iorewind check' lists all damage; events before and behind stay readable";

    private final BlockSource source;
    private final FrameEventView view = new FrameEventView();
    private @Nullable DirectBuffer frames;
    private int block = -1;
    private boolean areSound;
    private int payloadEnd;
    private int at;
    private long blockStart;
    private long blockEnd;
    private long next;

    /** A cursor before the first event; closes the source when it is closed. */
    public BlockCursor(BlockSource source) {
        this.source = source;
    }

    @Override
    public boolean next() {
        DirectBuffer current = frames;
        if (current == null || next >= blockEnd) {
            if (!enterBlockOf(next)) {
                return false;
            }
            current = frames;
        }
        if (current == null) {
            throw new IllegalStateException("no block: sequence=" + next);
        }
        if (areSound) {
            view.move(at, next);
        } else {
            @Nullable String problem = view.tryMove(at, payloadEnd, next);
            if (problem != null) {
                throw corrupt("event " + next + " in " + source.place(block), "a sound event frame", problem);
            }
        }
        at += view.frameLength();
        next++;
        return true;
    }

    /** Loads the block that holds the event; false behind the end. */
    private boolean enterBlockOf(long sequence) {
        int candidate = block + 1;
        if (candidate >= source.blocks() || source.firstSequence(candidate) != sequence) {
            candidate = lastBlockFrom(sequence);
        }
        frames = null;
        if (candidate < 0 || sequence >= source.firstSequence(candidate) + source.count(candidate)) {
            if (candidate + 1 < source.blocks()) {
                long found = source.firstSequence(candidate + 1);
                throw corrupt(source.place(candidate + 1), "event " + sequence, "event " + found);
            }
            source.checkEnd();
            return false;
        }
        DirectBuffer loaded = source.load(candidate);
        block = candidate;
        blockStart = source.firstSequence(candidate);
        blockEnd = blockStart + source.count(candidate);
        areSound = source.areFramesSound();
        payloadEnd = source.payloadLength();
        frames = loaded;
        view.look(loaded);
        moveInside(loaded, sequence);
        return true;
    }

    private void moveInside(DirectBuffer loaded, long sequence) {
        at = 0;
        for (long skipped = blockStart; skipped < sequence; skipped++) {
            at += FrameEventView.frameLength(loaded, at);
        }
        next = sequence;
    }

    /** The last block that starts at or before the event, or -1. */
    private int lastBlockFrom(long sequence) {
        int low = 0;
        int high = source.blocks() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (source.firstSequence(middle) <= sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    @Override
    public EventView event() {
        return view;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the sequence number is negative
     */
    @Override
    public void seek(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("not a sequence number: sequence=" + sequence);
        }
        DirectBuffer current = frames;
        if (current != null && sequence >= blockStart && sequence < blockEnd) {
            moveInside(current, sequence);
        } else {
            next = sequence;
            frames = null;
        }
    }

    @Override
    public void close() {
        frames = null;
        source.close();
    }

    private CorruptTraceException corrupt(String place, String expected, String found) {
        return new CorruptTraceException(source.file(), place, expected, found, NEXT_STEP);
    }
}
