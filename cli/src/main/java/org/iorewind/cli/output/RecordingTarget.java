package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.Traces;
import org.iorewind.trace.journal.JournalWriter;

/**
 * The trace of a machine that runs. Other than a {@link TraceTarget} it has its name from the start and is never deleted
 * once there is something in it: whatever kills the recorder, what it had recorded stays, and others can look on meanwhile.
 *
 * <pre>
 *   -o TRACE        a journal of that name
 *   -o TRACE.iorw   a journal TRACE.iorw.recording, sealed at the end and removed then
 * </pre>
 *
 * <p>One thread, but for the appender, which may have one of its own.
 */
public final class RecordingTarget implements AutoCloseable {
    private static final String JOURNAL_SUFFIX = ".recording";

    private final Path target;
    private final Path journal;
    private final boolean force;
    private final JournalWriter writer;
    private boolean kept;

    private RecordingTarget(Path target, Path journal, boolean force, JournalWriter writer) {
        this.target = target;
        this.journal = journal;
        this.force = force;
        this.writer = writer;
    }

    /**
     * Begins the trace. A journal that {@code force} allows to replace goes now.
     *
     * @throws UsageException if something of that name exists and may not be replaced
     * @throws TraceStoreException if it cannot be created
     */
    public static RecordingTarget create(Path target, boolean force) {
        TraceTarget.check(target, force);
        boolean isSealed = TraceTarget.isArchive(target);
        Path journal = isSealed ? target.resolveSibling(target.getFileName() + JOURNAL_SUFFIX) : target;
        if (isSealed && Files.exists(journal, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw new UsageException(journal + " exists already: an unfinished recording; look at it with 'iorewind"
                    + " describe', move it away, or add --force to replace it");
        }
        Path place = Destination.journal(journal, force);
        try {
            Unfinished.delete(place);
        } catch (IOException e) {
            throw OutputFile.unwritable(journal, e);
        }
        return new RecordingTarget(target, place, force, JournalWriter.create(place));
    }

    /** Takes the events. */
    public EventAppender appender() {
        return writer;
    }

    /** Where the events are while the machine runs. */
    public Path journal() {
        return journal;
    }

    /** From now on there is something in it that is worth keeping, however this ends. */
    public void keep() {
        kept = true;
    }

    /**
     * Ends the trace; an archive is sealed.
     *
     * @param progress of the sealing, in events
     * @throws TraceStoreException if it cannot be sealed; the journal stays
     * @throws IOException if the journal cannot be removed after sealing
     */
    public void finish(Progress progress) throws IOException {
        keep();
        writer.close();
        if (!TraceTarget.isArchive(target)) {
            return;
        }
        try (TraceReader reader = Traces.open(journal)) {
            SealedCopy.make(reader, target, force, false, progress);
        }
        Unfinished.delete(journal);
    }

    /** Closes it; deletes it if there was nothing to keep. */
    @Override
    public void close() {
        try {
            writer.close();
        } finally {
            if (!kept) {
                try {
                    Unfinished.delete(journal);
                } catch (IOException ignored) {
                    // why it is given up has been said
                }
            }
        }
    }
}
