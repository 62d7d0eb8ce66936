package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.journal.JournalWriter;

/**
 * A new trace, an archive if its name ends in {@code .iorw} and a journal directory otherwise, that gets its name only
 * when it is whole. What had the name before stays until then. One thread.
 */
public final class TraceTarget implements AutoCloseable {
    private static final String ARCHIVE_SUFFIX = ".iorw";

    private final Path target;
    private final boolean force;
    private final Stage stage;
    private final NamedAppender appender;
    private boolean published;

    private TraceTarget(Path target, boolean force, Stage stage, EventAppender writer) {
        this.target = target;
        this.force = force;
        this.stage = stage;
        this.appender = new NamedAppender(writer, stage);
    }

    /** Whether a trace of this name is an archive. */
    public static boolean isArchive(Path target) {
        return target.toString().toLowerCase(Locale.ROOT).endsWith(ARCHIVE_SUFFIX);
    }

    /**
     * Looks whether a trace of that name may be made, and touches nothing.
     *
     * @param force whether an older trace of that name may be replaced
     * @return where to make it
     * @throws UsageException if something of that name exists and may not be replaced
     */
    public static Path check(Path target, boolean force) {
        return isArchive(target) ? Destination.file(target, force) : Destination.journal(target, force);
    }

    /**
     * Begins a trace.
     *
     * @param target its name in the end
     * @param force whether an older trace of that name may be replaced
     * @throws UsageException if something of that name exists and may not be replaced
     * @throws TraceStoreException if it cannot be created, or another process is making it
     */
    public static TraceTarget create(Path target, boolean force) {
        Stage stage = Stage.hold(check(target, force));
        try {
            // Another process may have finished it since.
            check(target, force);
            Path content = stage.content();
            return new TraceTarget(
                    target,
                    force,
                    stage,
                    isArchive(target) ? ArchiveWriter.create(content) : JournalWriter.create(content));
        } catch (TraceStoreException e) {
            stage.close();
            throw stage.named(e);
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    /** Takes the events. */
    public EventAppender appender() {
        return appender;
    }

    /**
     * All events are there: the trace gets its name.
     *
     * @throws TraceFormatException if there is no event, which is no trace; the older trace stays
     * @throws TraceStoreException if it cannot be written; the older trace stays
     */
    public void finish() {
        if (appender.events == 0) {
            throw new TraceFormatException(
                    target.toString(), "", "an event to write", "no event in the input", "check the input");
        }
        appender.close();
        check(target, force);
        try {
            stage.publish();
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
        published = true;
    }

    /** Deletes the trace unless it was finished. */
    @Override
    public void close() {
        try (stage) {
            if (!published) {
                appender.giveUp();
            }
        }
    }

    /** Passes events on; its failures name the output, not the place where it is made. */
    private static final class NamedAppender implements EventAppender {
        private final EventAppender writer;
        private final Stage stage;
        private long events;

        NamedAppender(EventAppender writer, Stage stage) {
            this.writer = writer;
            this.stage = stage;
        }

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            try {
                long sequence = writer.append(buffer, offset, lengthBytes);
                events++;
                return sequence;
            } catch (TraceStoreException e) {
                throw stage.named(e);
            }
        }

        @Override
        public void close() {
            try {
                writer.close();
            } catch (TraceStoreException e) {
                throw stage.named(e);
            }
        }

        void giveUp() {
            try {
                if (writer instanceof ArchiveWriter archive) {
                    archive.abort();
                } else {
                    writer.close();
                }
            } catch (TraceStoreException ignored) {
                // What cannot be closed is deleted next; why it is given up has been said.
            }
        }
    }
}
