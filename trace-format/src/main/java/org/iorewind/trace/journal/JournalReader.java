package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.PlainReason;
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
    private static final int MAX_MARKER_LENGTH = 256;
    private static final Pattern MARKER = Pattern.compile(JournalDescriptor.MARKER_WORD + "(\\d{1,3})\\.(\\d{1,3})\n"
            + JournalDescriptor.SESSION_WORD + "([0-9a-f]{16})([0-9a-f]{16})\n");

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
        Matcher marker = readMarker(directory);
        long high = Long.parseUnsignedLong(marker.group(3), 16);
        long low = Long.parseUnsignedLong(marker.group(4), 16);
        if (!Files.isDirectory(directory.resolve(JournalDescriptor.BLOCKS_NAME))) {
            throw new TruncatedTraceException(
                    directory.toString(), "", "a directory 'blocks'", "none", "copy the whole journal directory");
        }
        try (QueueFile queue = QueueFile.open(directory)) {
            return new JournalReader(directory, high, low, JournalIndex.read(directory, queue, high, low));
        }
    }

    /** High and low half of the id of the session whose journal lies in a directory. */
    static long[] sessionId(Path directory) {
        Matcher marker = readMarker(directory);
        return new long[] {Long.parseUnsignedLong(marker.group(3), 16), Long.parseUnsignedLong(marker.group(4), 16)};
    }

    private static Matcher readMarker(Path directory) {
        Path file = directory.resolve(JournalDescriptor.MARKER_NAME);
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MAX_MARKER_LENGTH), ISO_8859_1);
        } catch (IOException e) {
            if (Files.exists(file)) {
                String nextStep = "check the permissions";
                throw new TraceStoreException(file.toString(), "", "a readable file", PlainReason.of(e), nextStep, e);
            }
            String nextStep = "check the path; a recording that stopped before its first event leaves no journal";
            throw new UnsupportedTraceException(
                    directory.toString(), "", "a journal with a file 'iorewind-journal'", "none", nextStep, e);
        }
        Matcher marker = MARKER.matcher(text);
        if (!marker.matches()) {
            String found = text.length() + " bytes of something else";
            throw new CorruptTraceException(
                    file.toString(), "", "format version and session id", found, "copy the journal directory again");
        }
        int major = Integer.parseInt(marker.group(1));
        if (major != JournalDescriptor.MAJOR) {
            String expected = "journal format " + JournalDescriptor.MAJOR;
            String nextStep = "read it with a version of iorewind that knows this format";
            throw new UnsupportedTraceException(file.toString(), "", expected, "journal format " + major, nextStep);
        }
        return marker;
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
