package org.iorewind.trace;

import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.CheckpointEncoder;
import org.iorewind.trace.sbe.ConsoleLineEncoder;
import org.iorewind.trace.sbe.DriverCallEncoder;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.GapEncoder;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.MarkEncoder;
import org.iorewind.trace.sbe.PhaseEncoder;
import org.iorewind.trace.sbe.SessionEndEncoder;
import org.iorewind.trace.sbe.StateHashEncoder;

/**
 * Writes events of every kind, with their fields in the schema's order. Used by importers and recorders.
 *
 * <p>{@link #at}, {@link #source}, {@link #iommu} and {@link #guest} stay as set; {@link #flags} hold for the next
 * event only. Text is cut at {@value #MAX_TEXT_BYTES} bytes of UTF-8, between characters. Numbers that are wider than
 * their field lose their high bits. Each method returns the sequence number that the event was given, and throws
 * {@link TraceStoreException} if the store cannot take it.
 *
 * <p>Allocates nothing per event. Not thread-safe. Does not close the appender.
 */
public final class EventWriter extends ObservationWriter {
    /** Value of a {@code pasid} parameter when the request carries no PASID prefix. */
    public static final int NO_PASID = -1;
    /** Value of a {@code domain} parameter when the source does not say. */
    public static final int NO_DOMAIN = -1;
    /** Value for {@link #guest} when events belong to no guest. */
    public static final int NO_GUEST = -1;
    /** Longest text of one field in bytes of UTF-8. */
    public static final int MAX_TEXT_BYTES = 60_000;
    /** Memory content is split into events of at most this many bytes. */
    public static final int MAX_DATA_BYTES = 32 * 1024;
    /** Longest payload of a checkpoint in bytes. */
    public static final int MAX_CHECKPOINT_BYTES = 0xFFFF;

    private final CheckpointEncoder checkpoint = new CheckpointEncoder();
    private final DriverCallEncoder driverCall = new DriverCallEncoder();
    private final PhaseEncoder phase = new PhaseEncoder();
    private final ConsoleLineEncoder consoleLine = new ConsoleLineEncoder();
    private final MarkEncoder mark = new MarkEncoder();
    private final GapEncoder gap = new GapEncoder();
    private final StateHashEncoder stateHash = new StateHashEncoder();
    private final SessionEndEncoder sessionEnd = new SessionEndEncoder();

    /** A writer of events into the appender. */
    public EventWriter(EventAppender appender) {
        super(appender);
    }

    /** Sets the time of the following events, in ns since the session's start. */
    public EventWriter at(long timeNs) {
        this.timeNs = timeNs;
        return this;
    }

    /** Sets the number of the source of the following events, 0 to 255. */
    public EventWriter source(int source) {
        this.source = source;
        originChanged();
        return this;
    }

    /** Sets the number of the IOMMU of the following events, 0 to 255. */
    public EventWriter iommu(int iommu) {
        this.iommu = iommu;
        originChanged();
        return this;
    }

    /** Sets the GuestID of the following events, or {@link #NO_GUEST}. */
    public EventWriter guest(int guest) {
        this.guest = guest;
        originChanged();
        return this;
    }

    /** Sets {@link EventFlag} bits of the next event only. */
    public EventWriter flags(int flags) {
        this.flags = flags;
        return this;
    }

    /**
     * A call inside a driver.
     *
     * @param phase enter, exit or point
     * @param requester 16-bit requester id, or -1 if the source does not say
     * @param result of the call
     * @param iova I/O virtual address
     * @param physical address
     * @param size bytes
     * @param call map, unmap, attach, ...
     * @param arguments the rest, as text
     * @return the sequence number
     */
    public long driverCall(
            CallPhase phase,
            int requester,
            int result,
            long iova,
            long physical,
            long size,
            String call,
            String arguments) {
        driverCall.wrapAndApplyHeader(buffer, 0, header);
        driverCall
                .phase(phase)
                .requester(requester & 0xFFFF)
                .result(result)
                .iova(iova)
                .physical(physical)
                .size(size);
        driverCall.putCall(scratch.encode(call).bytes(), 0, scratch.length());
        driverCall.putArguments(scratch.encode(arguments).bytes(), 0, scratch.length());
        return finish(EventKind.DRIVER_CALL, driverCall.encodedLength());
    }

    /**
     * A phase of the work begins or ends.
     *
     * @param phase enter, exit or point
     * @param name of the phase
     * @return the sequence number
     */
    public long phase(CallPhase phase, String name) {
        this.phase.wrapAndApplyHeader(buffer, 0, header);
        this.phase.phase(phase);
        this.phase.putName(scratch.encode(name).bytes(), 0, scratch.length());
        return finish(EventKind.PHASE, this.phase.encodedLength());
    }

    /**
     * A line of a console.
     *
     * @param text without line end
     * @return the sequence number
     */
    public long consoleLine(String text) {
        consoleLine.wrapAndApplyHeader(buffer, 0, header);
        consoleLine.putText(scratch.encode(text).bytes(), 0, scratch.length());
        return finish(EventKind.CONSOLE_LINE, consoleLine.encodedLength());
    }

    /**
     * A mark set by the user.
     *
     * @param number unsigned
     * @param text what it is for
     * @return the sequence number
     */
    public long mark(int number, String text) {
        mark.wrapAndApplyHeader(buffer, 0, header);
        mark.number(Integer.toUnsignedLong(number));
        mark.putText(scratch.encode(text).bytes(), 0, scratch.length());
        return finish(EventKind.MARK, mark.encodedLength());
    }

    /**
     * Events are missing here.
     *
     * @param reason why
     * @param count of lost records; 0 if unknown
     * @param spanNs time in which they were lost
     * @param note what is known
     * @return the sequence number
     */
    public long gap(GapReason reason, long count, long spanNs, String note) {
        gap.wrapAndApplyHeader(buffer, 0, header);
        gap.reason(reason).count(count).spanNs(spanNs);
        gap.putNote(scratch.encode(note).bytes(), 0, scratch.length());
        return finish(EventKind.GAP, gap.encodedLength());
    }

    /**
     * The hash of the model's state after the last input.
     *
     * @param hash of the state
     * @param profile it was computed under
     * @return the sequence number
     */
    public long stateHash(long hash, String profile) {
        stateHash.wrapAndApplyHeader(buffer, 0, header);
        stateHash.hash(hash);
        stateHash.putProfile(scratch.encode(profile).bytes(), 0, scratch.length());
        return finish(EventKind.STATE_HASH, stateHash.encodedLength());
    }

    /**
     * The last event of a recording that ended in order.
     *
     * @param reason why it ended
     * @param note what else is known
     * @return the sequence number
     */
    public long sessionEnd(EndReason reason, String note) {
        sessionEnd.wrapAndApplyHeader(buffer, 0, header);
        sessionEnd.reason(reason);
        sessionEnd.putNote(scratch.encode(note).bytes(), 0, scratch.length());
        return finish(EventKind.SESSION_END, sessionEnd.encodedLength());
    }

    /**
     * A checkpoint of the model's state.
     *
     * @param modelVersion of the model that wrote it
     * @param hash of the state
     * @param profile it was computed under
     * @param payload the state
     * @param offset of the state in {@code payload}
     * @param length of the state in bytes, at most {@value #MAX_CHECKPOINT_BYTES}
     * @return the sequence number
     * @throws IllegalArgumentException if the state is longer
     */
    public long checkpoint(int modelVersion, long hash, String profile, byte[] payload, int offset, int length) {
        if (length > MAX_CHECKPOINT_BYTES) {
            throw new IllegalArgumentException("checkpoint too long: length=" + length);
        }
        checkpoint.wrapAndApplyHeader(buffer, 0, header);
        checkpoint.modelVersion(Integer.toUnsignedLong(modelVersion)).hash(hash);
        checkpoint.putProfile(scratch.encode(profile).bytes(), 0, scratch.length());
        checkpoint.putPayload(payload, offset, length);
        return finish(EventKind.CHECKPOINT, checkpoint.encodedLength());
    }
}
