package org.iorewind.record.embed;

import java.nio.file.Path;
import java.time.Instant;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.intake.EventIntake;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;

/**
 * A recording that a VMM makes of itself. Thread-safe; each thread that has something to tell takes a {@link #port} of its own.
 *
 * <p>Times are taken when an event is told, from a clock that never steps. Events of one thread keep their order; those of
 * different threads come in the order in which they were told.
 */
public final class Recording implements AutoCloseable {
    private static final String ARCHIVE_SUFFIX = ".iorw";
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final EventAppender store;
    private final EventIntake intake;
    private final long startNanoTime;
    private boolean closed;

    private Recording(EventAppender store, RecordingOptions options) {
        this.store = store;
        Instant now = Instant.now();
        this.startNanoTime = System.nanoTime();
        SessionInfo session = options.session(now.getEpochSecond() * NS_PER_SECOND + now.getNano());
        new EventWriter(store).at(0).sessionStart(session);
        this.intake = new EventIntake(store, options.backPressure(), EventIntake.MIN_CAPACITY);
    }

    /**
     * Begins a recording. The path says what it becomes: {@code NAME.iorw} is an archive, written whole when the recording is
     * closed; anything else the directory of a journal, which can be read while it grows and survives a crash of the VMM.
     *
     * @param path where nothing is yet
     * @param options what is recorded
     * @throws TraceStoreException if something is there, or nothing can be written there
     */
    public static Recording open(Path path, RecordingOptions options) {
        boolean archive = path.toString().endsWith(ARCHIVE_SUFFIX);
        EventAppender store = archive ? ArchiveWriter.create(path) : JournalWriter.create(path);
        try {
            return new Recording(store, options);
        } catch (TraceStoreException e) {
            store.close();
            throw e;
        }
    }

    /** A port for one thread. It needs not be closed. */
    public EventPort port() {
        return new EventPort(this, intake.producer());
    }

    /**
     * Tells of another IOMMU: IOMMU 0 is there from the start, as the options describe it.
     *
     * @param number 0 to 255; with the number of one that is there, the old one is gone
     * @param info what it is
     * @throws TraceStoreException if the store cannot take it
     */
    public void addIommu(int number, IommuInfo info) {
        new EventWriter(intake.producer()).at(nowNs()).iommu(number).iommuStart(info);
    }

    /** Time since the recording began, in ns. */
    public long nowNs() {
        return System.nanoTime() - startNanoTime;
    }

    /** Events that found the store too slow ({@link org.iorewind.trace.intake.BackPressure#COUNT}) or closed. */
    public long lostEvents() {
        return intake.lostEvents();
    }

    /**
     * Returns when everything that was told before is in the store.
     *
     * @throws TraceStoreException if the store has refused
     */
    public void flush() {
        intake.flush();
    }

    /** Ends the recording in order; what is told later is refused. Idempotent. */
    @Override
    public void close() {
        close(EndReason.CLEAN, "");
    }

    /**
     * Ends the recording; what is told later is refused. Idempotent: the first reason counts.
     *
     * @param reason why it ends
     * @param note what else is known
     * @throws TraceStoreException if the store has refused something
     */
    public synchronized void close(EndReason reason, String note) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            intake.close();
            new EventWriter(store).at(nowNs()).sessionEnd(reason, note);
        } finally {
            store.close();
        }
    }
}
