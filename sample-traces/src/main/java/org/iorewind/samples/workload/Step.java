package org.iorewind.samples.workload;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.jspecify.annotations.Nullable;

/**
 * One thing that software or a device does, or a marker: an event without its time and source. Immutable.
 */
public final class Step {
    private final byte[] frame;

    private Step(byte[] frame) {
        this.frame = frame;
    }

    /**
     * The step that an event is.
     *
     * @throws WorkloadException if it is none, see {@link #isOne}
     */
    public static Step of(EventView event) {
        if (!isOne(event.kind())) {
            throw new WorkloadException("expected an input or a marker, found "
                    + (event.kind() == null ? "an unknown event" : event.kind().label()));
        }
        return of(event.buffer(), event.offset(), event.frameLength());
    }

    /** A frame that is known to be sound. */
    static Step of(DirectBuffer buffer, int offset, int length) {
        UnsafeBuffer frame = new UnsafeBuffer(new byte[length]);
        frame.putBytes(0, buffer, offset, length);
        frame.putLong(FrameDescriptor.TIME_OFFSET, 0, LITTLE_ENDIAN);
        frame.putByte(FrameDescriptor.SOURCE_OFFSET, (byte) 0);
        return new Step(frame.byteArray());
    }

    /** Whether events of a kind are steps: inputs, but not the start of a session, and markers. */
    public static boolean isOne(@Nullable EventKind kind) {
        return kind != null
                && kind != EventKind.SESSION_START
                && (kind.eventClass() == EventClass.INPUT || kind.eventClass() == EventClass.MARKER);
    }

    /**
     * The step as an event.
     *
     * @param timeNs its time, in ns since the session's start
     */
    public EventView event(long timeNs) {
        UnsafeBuffer copy = new UnsafeBuffer(frame.clone());
        copy.putLong(FrameDescriptor.TIME_OFFSET, timeNs, LITTLE_ENDIAN);
        FrameEventView view = new FrameEventView();
        if (view.tryWrap(copy, 0, frame.length, 0) != null) {
            throw new IllegalStateException("a frame that was sound is not: length=" + frame.length);
        }
        return view;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Step step && Arrays.equals(step.frame, frame);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(frame);
    }

    @Override
    public String toString() {
        return event(0).kind() + ", " + frame.length + " bytes";
    }
}
