package org.iorewind.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.journal.JournalReader;
import org.iorewind.trace.journal.JournalTail;

/** Opens traces of every kind. */
public final class Traces {
    private static final String EXPECTED = "an archive (.iorw) or a journal directory";
    private static final int START_LENGTH = 64;
    private static final int GZIP_MAGIC = 0x1F8B;

    private Traces() {}

    /**
     * Opens a sealed archive or the directory of a live journal.
     *
     * @param path the archive file or the journal directory
     * @return the trace, to be closed by the caller
     * @throws TruncatedTraceException if the file is empty or cut
     * @throws CorruptTraceException if what must be read to open it is damaged
     * @throws UnsupportedTraceException if it is something else, or of a newer major version
     * @throws TraceStoreException if there is nothing at that path, or it cannot be read
     */
    public static TraceReader open(Path path) {
        if (Files.isDirectory(path)) {
            return JournalReader.open(path);
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // Reading a pipe could wait for ever, and an archive is read from its end.
            String nextStep = "write it to a file first";
            throw new UnsupportedTraceException(
                    path.toString(), "", "a regular file or a journal directory", "a pipe or a device", nextStep);
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(path)) {
            start = in.readNBytes(START_LENGTH);
        } catch (IOException e) {
            throw new TraceStoreException(path.toString(), "", EXPECTED, PlainReason.of(e), "check the path", e);
        }
        if (start.length == 0) {
            throw new TruncatedTraceException(path.toString(), "", EXPECTED, "an empty file", "get the file again");
        }
        if (!ArchiveReader.isArchive(ByteBuffer.wrap(start)) && !ArchiveReader.mayBeCutArchive(start)) {
            throw new UnsupportedTraceException(path.toString(), "offset 0", EXPECTED, guess(start), nextStep(start));
        }
        return ArchiveReader.open(path);
    }

    /**
     * Whether {@link #open} is the way to read what lies there: a directory, or a file that begins like an archive. Of a pipe or
     * a device nothing is read, and the answer is no.
     *
     * @throws TraceStoreException if the file cannot be read
     */
    public static boolean isTrace(Path path) {
        if (!Files.isRegularFile(path)) {
            return Files.isDirectory(path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(START_LENGTH);
            return start.length > 0
                    && (ArchiveReader.isArchive(ByteBuffer.wrap(start)) || ArchiveReader.mayBeCutArchive(start));
        } catch (IOException e) {
            throw new TraceStoreException(path.toString(), "", EXPECTED, PlainReason.of(e), "check the path", e);
        }
    }

    /**
     * Follows a recording, before its first event. An archive, which never grows, ends at its last event.
     *
     * @param path the archive file or the journal directory
     * @param follow whether events are given that come later; if not, those that a journal has now
     * @throws TraceFormatException if it is no trace, or damaged
     */
    @SuppressWarnings("resource") // belongs to the tail
    public static TraceTail tail(Path path, boolean follow) {
        return follow && Files.isDirectory(path) ? JournalTail.open(path, 0) : new SnapshotTail(open(path));
    }

    private static String guess(byte[] start) {
        if (start.length > 1 && ((start[0] & 0xFF) << 8 | start[1] & 0xFF) == GZIP_MAGIC) {
            return "a gzip file";
        }
        if (start[0] == '{') {
            return "text that looks like JSON Lines";
        }
        for (byte b : start) {
            boolean isText = b >= ' ' || b < 0 || b == '\n' || b == '\r' || b == '\t';
            if (!isText) {
                return "a binary file of another kind";
            }
        }
        return "a text file";
    }

    private static String nextStep(byte[] start) {
        return guess(start).startsWith("a binary") ? "check the path" : "import it with 'iorewind import' first";
    }
}
