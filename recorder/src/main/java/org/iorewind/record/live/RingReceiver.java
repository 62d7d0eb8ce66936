package org.iorewind.record.live;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.ring.RingDescriptor;
import org.iorewind.record.ring.RingFile;
import org.iorewind.record.ring.RingHandler;
import org.iorewind.record.ring.RingOptions;
import org.iorewind.record.ring.RingSource;
import org.iorewind.record.ring.WriterState;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.GapReason;

/** Takes lines out of the ring that the library inside QEMU writes. */
final class RingReceiver implements Intake, RingHandler {
    private static final int BATCH = 1024;
    /**
     * How long the ring is left alone when it was found all but empty. QEMU's threads want the processors: to be woken up costs
     * the machine more than the work on its lines does. The ring takes what comes meanwhile ten times over and more.
     */
    private static final long PAUSE_NS = 20_000_000;

    private static final String FULL = "the ring was full";

    private final RingFile ring;
    private final boolean own;
    private final RingSource source;
    private final LiveQemuLog log;
    private final Consumer<String> notes;
    private final AtomicLong unrecorded = new AtomicLong();
    private final long startUnixNs;
    private volatile boolean ends;

    private RingReceiver(RingFile ring, boolean own, LiveQemuLog log, Consumer<String> notes) {
        this.ring = ring;
        this.own = own;
        this.startUnixNs = ring.startUnixNs();
        this.source = new RingSource(ring);
        this.log = log;
        this.notes = notes;
    }

    /**
     * Makes a ring.
     *
     * @param notes told what the library says of itself; by the receiver's thread
     * @throws TraceStoreException if it cannot be made
     */
    static RingReceiver make(Path place, LiveQemuLog log, Consumer<String> notes) {
        return new RingReceiver(RingFile.create(place, RingOptions.STANDARD), true, log, notes);
    }

    /** Takes over a ring whose reader has died or left, without what is in it. */
    static RingReceiver takeOver(RingFile ring, LiveQemuLog log, Consumer<String> notes) {
        return new RingReceiver(ring, false, log, notes);
    }

    /**
     * Throws away what came so far, and what it told is told again. Not while {@link #run} runs.
     *
     * @return how many records were lost or thrown away
     */
    long startAfresh() {
        long records = source.discard();
        ring.startsAfresh();
        return records;
    }

    @Override
    public void run() {
        try {
            while (true) {
                // looked at before the ring: what comes first is found below
                boolean last = ends;
                int taken = source.poll(this, BATCH);
                unrecorded.addAndGet(log.flush());
                if (taken == 0 && last) {
                    break;
                }
                if (taken < BATCH && !last) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
            source.finish(this);
            unrecorded.addAndGet(log.flush());
        } finally {
            log.end();
        }
    }

    @Override
    public void event(DirectBuffer buffer, int offset, int length) {
        lost(ring.nowNs(), ring.nowNs(), 1, "an event that the library in QEMU does not write");
    }

    @Override
    public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
        if (stream == RingDescriptor.STREAM_NOTE) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            notes.accept(text);
            insert(timeNs, writer -> writer.gap(GapReason.SOURCE_LOST, 0, 0, text));
        } else {
            unrecorded.addAndGet(log.add(buffer, offset, length, startUnixNs + timeNs, thread));
        }
    }

    private void insert(long timeNs, Consumer<EventWriter> events) {
        // behind the lines that came before it
        unrecorded.addAndGet(log.flush());
        log.insert(startUnixNs + timeNs, events);
    }

    @Override
    public void lost(long firstNs, long lastNs, long count, String why) {
        GapReason reason = why.equals(FULL) ? GapReason.QUEUE_FULL : GapReason.SOURCE_LOST;
        insert(firstNs, writer -> writer.gap(reason, count, Math.max(0, lastNs - firstNs), why));
    }

    @Override
    public void qemuIsUp() {
        // it has mapped the ring
    }

    @Override
    public void ends() {
        ends = true;
    }

    @Override
    public boolean qemuIsGone() {
        WriterState state = ring.writerState();
        return state == WriterState.ENDED || state == WriterState.KILLED;
    }

    @Override
    public void deviceTable(long register) {
        ring.deviceTable(register);
    }

    @Override
    public long unrecordedLines() {
        return unrecorded.get();
    }

    @Override
    public void close() {
        ring.close();
        if (own) {
            ring.delete();
        }
    }
}
