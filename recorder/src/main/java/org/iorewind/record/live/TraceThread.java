package org.iorewind.record.live;

import org.iorewind.record.qemulog.LiveQemuLog;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.jspecify.annotations.Nullable;

/** The thread that writes the trace. When the trace takes no more it says so in the trace's last event, if that fits. */
final class TraceThread extends Thread {
    private final LiveQemuLog log;
    private volatile @Nullable TraceStoreException failure;

    TraceThread(LiveQemuLog log) {
        super("iorewind-trace");
        this.log = log;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            log.run();
        } catch (TraceStoreException e) {
            end(e);
        } catch (RuntimeException e) {
            // the machine must go on, and its user be told, whatever is wrong in here
            end(new TraceStoreException(
                    "the recording",
                    "",
                    "to go on",
                    "a defect of iorewind: " + e,
                    "report it; the trace ends here",
                    e));
        }
    }

    private void end(TraceStoreException e) {
        failure = e;
        EndReason reason = JournalWriter.isDiskFull(e) ? EndReason.DISK_FULL : EndReason.FAILED;
        try {
            log.sessionEnd(LogReceiver.nowUnixNs(), reason, "the trace could not take more: " + e.found());
        } catch (TraceStoreException again) {
            // then its readers find it unfinished, which is true as well
        }
    }

    /** Why the trace takes no more lines; null if it does. Any thread. */
    @Nullable
    TraceStoreException failure() {
        return failure;
    }
}
