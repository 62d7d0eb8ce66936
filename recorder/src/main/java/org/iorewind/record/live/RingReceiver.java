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
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.GapReason;

/** Takes lines out of the ring that the library inside QEMU writes. */
final class RingReceiver implements Intake, RingHandler {
    private static final int BATCH = 1024;
    private static final long SHORT_PAUSE_NS = 50_000;
    private static final long LONG_PAUSE_NS = 1_000_000;
    private static final int POLLS_TO_LONG_PAUSE = 20;
    private static final String FULL = "the ring was full";

    private final RingFile ring;
    private final LiveQemuLog log;
    private final Consumer<String> notes;
    private final AtomicLong unrecorded = new AtomicLong();
    private final long startUnixNs;
    private volatile boolean ends;

    /**
     * Makes the ring.
     *
     * @param notes told what the library says of itself; by the receiver's thread
     * @throws TraceStoreException if it cannot be made
     */
    RingReceiver(Path place, LiveQemuLog log, Consumer<String> notes) {
        this.ring = RingFile.create(place, RingOptions.STANDARD);
        this.startUnixNs = ring.startUnixNs();
        this.log = log;
        this.notes = notes;
    }

    @Override
    public void run() {
        try {
            RingSource source = new RingSource(ring);
            int idle = 0;
            while (true) {
                // looked at before the ring: what comes first is found below
                boolean last = ends;
                if (source.poll(this, BATCH) > 0) {
                    idle = 0;
                } else if (last) {
                    break;
                } else {
                    idle++;
                    LockSupport.parkNanos(idle < POLLS_TO_LONG_PAUSE ? SHORT_PAUSE_NS : LONG_PAUSE_NS);
                }
            }
            source.finish(this);
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
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (stream == RingDescriptor.STREAM_NOTE) {
            notes.accept(text);
            log.insert(startUnixNs + timeNs, writer -> writer.gap(GapReason.SOURCE_LOST, 0, 0, text));
        } else if (!log.line(text, startUnixNs + timeNs, thread)) {
            unrecorded.incrementAndGet();
        }
    }

    @Override
    public void lost(long firstNs, long lastNs, long count, String why) {
        GapReason reason = why.equals(FULL) ? GapReason.QUEUE_FULL : GapReason.SOURCE_LOST;
        log.insert(startUnixNs + firstNs, writer -> writer.gap(reason, count, Math.max(0, lastNs - firstNs), why));
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
        ring.delete();
    }
}
