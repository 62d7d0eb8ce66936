package org.iorewind.record.live;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.record.text.TextSource;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.sbe.GapReason;

/**
 * Reads QEMU's log from its pipe until QEMU closes it. When the trace takes no more lines it reads on and counts, so that
 * the guest does not stand still.
 */
final class LogReceiver implements Intake {
    private static final long NS = 1_000_000_000L;

    private final Path pipe;
    private final NamedPipe held;
    private final LiveQemuLog log;
    private final LogTee tee;
    private final AtomicLong unrecorded = new AtomicLong();

    /**
     * Makes the pipe, and holds it until QEMU has opened it.
     *
     * @throws IOException if it cannot be opened
     * @throws org.iorewind.trace.TraceStoreException if it cannot be made
     */
    LogReceiver(Path pipe, LiveQemuLog log, LogTee tee) throws IOException, InterruptedException {
        NamedPipe.make(pipe);
        this.held = NamedPipe.hold(pipe);
        this.pipe = pipe;
        this.log = log;
        this.tee = tee;
    }

    @Override
    public void run() {
        try (tee;
                InputStream in = Files.newInputStream(pipe);
                TextSource lines = TextSource.live(pipe.toString(), in)) {
            for (String line = lines.nextLine(); line != null; line = lines.nextLine()) {
                tee.line(line);
                if (!lines.hasBuffered()) {
                    tee.flush();
                }
                if (!log.line(line, nowUnixNs(), 0)) {
                    unrecorded.incrementAndGet();
                }
            }
        } catch (IOException | TraceFormatException e) {
            String note = "QEMU's log cannot be read any further: " + PlainReason.of(e);
            log.insert(nowUnixNs(), writer -> writer.gap(GapReason.SOURCE_LOST, 0, 0, note));
        } finally {
            log.end();
        }
    }

    @Override
    public void qemuIsUp() throws IOException {
        held.letGo();
    }

    /** QEMU closes its end. */
    @Override
    public void ends() {
        // the pipe tells
    }

    @Override
    public void deviceTable(long register) {
        // memory is read in this process, which knows it already
    }

    @Override
    public long unrecordedLines() {
        return unrecorded.get();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }

    static long nowUnixNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NS + now.getNano();
    }
}
