package org.iorewind.record.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.record.MeteredAppender;
import org.iorewind.record.qemulog.LiveQemuLog;

/** Looks at a recording now and then and says how it stands. One thread. */
final class StatusMeter {
    private static final long NS = 1_000_000_000L;
    /** Rates over less than this would jump about. */
    private static final long RATE_NS = NS;

    private final MeteredAppender appender;
    private final Path disk;
    private final long startNs = System.nanoTime();
    private long rateFromNs = startNs;
    private long rateFromEvents;
    private long rate;

    StatusMeter(MeteredAppender appender, Path disk) {
        this.appender = appender;
        this.disk = disk;
    }

    RecordingStatus look(LiveQemuLog log) {
        long now = System.nanoTime();
        long events = appender.events();
        if (now - rateFromNs >= RATE_NS) {
            rate = (events - rateFromEvents) * NS / (now - rateFromNs);
            rateFromNs = now;
            rateFromEvents = events;
        }
        return new RecordingStatus(
                now - startNs,
                events,
                appender.bytes(),
                log.receivedLines(),
                rate,
                log.lagNs(),
                log.waitingLines(),
                appender.gaps(),
                log.lateReadings(),
                free());
    }

    private long free() {
        try {
            return Files.getFileStore(disk).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }
}
