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
final class LogReceiver implements Runnable {
    private static final long NS = 1_000_000_000L;

    private final Path pipe;
    private final LiveQemuLog log;
    private final LogTee tee;
    private final AtomicLong unrecorded = new AtomicLong();

    LogReceiver(Path pipe, LiveQemuLog log, LogTee tee) {
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
                if (!log.line(line, nowUnixNs())) {
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

    /** Lines that came after the trace had ended. Any thread. */
    long unrecordedLines() {
        return unrecorded.get();
    }

    static long nowUnixNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NS + now.getNano();
    }
}
