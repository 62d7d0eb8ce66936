package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.journal.JournalWriter;

/**
 * A new trace, an archive if its name ends in {@code .iorw} and a journal directory otherwise, that gets its name only
 * when it is whole. One thread.
 */
public final class TraceTarget implements AutoCloseable {
    private static final String ARCHIVE_SUFFIX = ".iorw";

    private final Path target;
    private final Path work;
    private final EventAppender appender;
    private boolean finished;

    private TraceTarget(Path target, Path work, EventAppender appender) {
        this.target = target;
        this.work = work;
        this.appender = appender;
    }

    /** Whether a trace of this name is an archive. */
    public static boolean isArchive(Path target) {
        return target.toString().toLowerCase(Locale.ROOT).endsWith(ARCHIVE_SUFFIX);
    }

    /**
     * Begins a trace.
     *
     * @param target its name in the end
     * @param force whether an older trace of that name may be replaced
     * @throws UsageException if something of that name exists and may not be replaced
     * @throws org.iorewind.trace.TraceStoreException if it cannot be created
     */
    public static TraceTarget create(Path target, boolean force) {
        boolean archive = isArchive(target);
        if (archive) {
            OutputFile.refuseExisting(target, force);
        } else {
            refuseOther(target, force);
        }
        Path work = target.resolveSibling(target.getFileName() + ".unfinished");
        Path parent = work.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw OutputFile.unwritable(target, new NoSuchFileException(String.valueOf(parent)));
        }
        try {
            // Left by a process that was killed: the name is ours.
            Unfinished.delete(work);
            Unfinished.begin(work);
            // An archive has a stage of its own before it gets even this name.
            Unfinished.begin(OutputFile.partial(work));
            return new TraceTarget(target, work, archive ? ArchiveWriter.create(work) : JournalWriter.create(work));
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
    }

    /** Takes the events. */
    public EventAppender appender() {
        return appender;
    }

    /**
     * All events are there: the trace gets its name.
     *
     * @throws org.iorewind.trace.TraceStoreException if it cannot be written
     */
    public void finish() {
        appender.close();
        try {
            if (!isArchive(target) && Files.exists(target)) {
                // Checked to be a journal when we began: see refuseOther.
                Unfinished.delete(target);
            }
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
        end();
        finished = true;
    }

    /** Deletes the trace unless it was finished. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        try {
            if (appender instanceof ArchiveWriter archive) {
                archive.abort();
            } else {
                appender.close();
            }
        } finally {
            try {
                Unfinished.delete(work);
                Unfinished.delete(OutputFile.partial(work));
                end();
            } catch (IOException ignored) {
                // stays listed, so that the end of the process tries again
            }
        }
    }

    private void end() {
        Unfinished.end(work);
        Unfinished.end(OutputFile.partial(work));
    }

    /** A directory may be replaced only if it is a journal: anything else is not ours to delete. */
    private static void refuseOther(Path target, boolean force) {
        if (target.getFileName() == null) {
            throw new UsageException(target + " is no name for a trace");
        }
        if (!Files.exists(target)) {
            return;
        }
        if (!force) {
            throw new UsageException(target + " exists already: choose another name, or add --force to replace it");
        }
        if (!Files.isDirectory(target)) {
            throw new UsageException(target + " is a file and no journal: it is not replaced by a journal directory");
        }
        Traces.open(target).close();
    }
}
