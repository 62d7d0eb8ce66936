package org.iorewind.trace.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.block.BlockCheck;
import org.iorewind.trace.block.BlockCursor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a live journal, whether its writer is alive, done or dead. It shows the events that existed when it was opened.
 *
 * <p>Opening reads the header of every block, about 64 bytes for each 64 KiB. A journal directory is trusted like any
 * local file: it must not be changed by anyone but its writer. A stranger's trace is accepted as an archive only.
 */
public final class JournalReader implements TraceReader {
    private static final String STORE_KIND = "journal";

    private final Path directory;
    private final long high;
    private final long low;
    private final JournalIndex index;
    private volatile @Nullable SessionInfo session;

    private JournalReader(Path directory, long high, long low, JournalIndex index) {
        this.directory = directory;
        this.high = high;
        this.low = low;
        this.index = index;
    }

    /** Whether the directory is meant to be a journal. */
    public static boolean isJournal(Path directory) {
        return Files.isRegularFile(directory.resolve(JournalDescriptor.MARKER_NAME));
    }

    /**
     * Opens a journal. What is damaged inside it is found when it is read, or by {@link #check}.
     *
     * @param directory of the journal
     * @throws CorruptTraceException if its marker is damaged, or there is no queue
     * @throws TruncatedTraceException if a part of it is missing
     * @throws UnsupportedTraceException if the directory is something else, or of another major version
     * @throws TraceStoreException if it cannot be read
     */
    public static JournalReader open(Path directory) {
        JournalMarker marker = JournalMarker.read(directory);
        if (!Files.isDirectory(directory.resolve(JournalDescriptor.BLOCKS_NAME))) {
            throw new TruncatedTraceException(
                    directory.toString(), "", "a directory 'blocks'", "none", "copy the whole journal directory");
        }
        try (QueueFile queue = QueueFile.open(directory)) {
            return new JournalReader(
                    directory, marker.high(), marker.low(), JournalIndex.read(directory, queue, marker));
        }
    }

    @Override
    public Path path() {
        return directory;
    }

    @Override
    public String storeKind() {
        return STORE_KIND;
    }

    /**
     * {@inheritDoc}
     *
     * @throws CorruptTraceException if the first block is damaged, or belongs to another session
     * @throws TruncatedTraceException if there is no event
     */
    @Override
    public SessionInfo session() {
        SessionInfo known = session;
        if (known == null) {
            try (EventCursor cursor = cursor()) {
                known = BlockCheck.sessionOf(cursor, directory, high, low);
            }
            session = known;
        }
        return known;
    }

    /** Whether the writer has closed the journal; false while it lives and when it was killed. */
    public boolean isClosed() {
        return index.staged().isClosed();
    }

    /** Number of events that the writer knew to be on the disk; a reader that finds fewer names the missing ones. */
    public long durableEvents() {
        return index.staged().durableEvents();
    }

    /**
     * Whether events may have been lost behind the last one without a trace: the journal was not closed, and the kernel
     * that it was written under has ended since, or cannot be told (another machine). {@link SyncLevel} says how many.
     */
    public boolean mayHaveLostItsEnd() {
        return mayHaveLostItsEnd(BootIdentity.current());
    }

    boolean mayHaveLostItsEnd(BootIdentity now) {
        return !isClosed() && !now.isSameRun(index.staged().boot());
    }

    @Override
    public EventCursor cursor() {
        return new BlockCursor(source());
    }

    private JournalSource source() {
        return new JournalSource(directory.toString(), QueueFile.open(directory), index, high, low);
    }

    @Override
    public IntegrityReport check() {
        IntegrityReport report = BlockCheck.check(source(), directory, STORE_KIND, index.damages(), !isClosed());
        return new IntegrityReport(
                report.file(),
                report.storeKind(),
                report.events(),
                report.blocks(),
                report.damages(),
                report.endedInOrder(),
                report.tornTail(),
                mayHaveLostItsEnd());
    }

    @Override
    public void close() {
        // Each cursor has a file of its own.
    }
}
