package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockHeader;

/**
 * The data file of the queue, read without Chronicle: it believes what stands in its files, takes memory in proportion to
 * it, and loads classes that are named there. All that is needed is where excerpts begin and end.
 *
 * <pre>
 *   excerpt, at a multiple of 4 bytes
 *   +---------------------------------------------+--------------
 *   | bits 29:0 length, 30 not data, 31 not ready | contents ...
 *   +---------------------------------------------+--------------
 *   0: nothing has been written here yet
 * </pre>
 *
 * <p>Reads copy: a mapped file can be cut under our feet, a copy cannot. A cursor of its own for each thread.
 */
final class QueueFile implements AutoCloseable {
    static final int EXCERPT_HEADER_LENGTH = 4;
    static final int ALIGNMENT = 4;
    private static final int NOT_READY = 0x8000_0000;
    private static final int NOT_DATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    /** Most blocks are shorter than this; for others the buffer grows. */
    private static final int MOST_BLOCKS = 64 * 1024;

    private static final String NEXT_STEP = "copy the whole journal directory again";

    private final String file;
    private final FileChannel channel;
    private byte[] bytes = new byte[MOST_BLOCKS];
    private ByteBuffer into = ByteBuffer.wrap(bytes);
    private final UnsafeBuffer view = new UnsafeBuffer(bytes);
    private final ByteBuffer word =
            ByteBuffer.allocateDirect(EXCERPT_HEADER_LENGTH).order(LITTLE_ENDIAN);

    private QueueFile(String file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the data file of a journal.
     *
     * @throws CorruptTraceException if there is none that can be read
     */
    static QueueFile open(Path directory) {
        Path path = directory.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME);
        try {
            return new QueueFile(path.toString(), FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw new CorruptTraceException(path.toString(), "", "a readable file", PlainReason.of(e), NEXT_STEP, e);
        }
    }

    String file() {
        return file;
    }

    /** What {@link #readHeader} and {@link #readBlock} have read. */
    byte[] bytes() {
        return bytes;
    }

    /** Length of the file in bytes. */
    long length() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw unreadable(0, e);
        }
    }

    /** The first word of the excerpt at a position; 0 behind the end of the file. */
    int excerpt(long position) {
        // A word that is just being written could be seen half: the second look sees all of it.
        return word(position) == 0 ? 0 : word(position);
    }

    private int word(long position) {
        word.clear();
        return read(word, position) < EXCERPT_HEADER_LENGTH ? 0 : word.getInt(0);
    }

    /** Whether an excerpt is complete; false also where none begins. */
    static boolean isReady(int excerpt) {
        return excerpt != 0 && (excerpt & NOT_READY) == 0;
    }

    /** Whether it holds a block, and not something that Chronicle keeps for itself. */
    static boolean isBlock(int excerpt) {
        return (excerpt & NOT_DATA) == 0;
    }

    static int contentLength(int excerpt) {
        return excerpt & LENGTH_MASK;
    }

    /** Where the excerpt behind this one begins. */
    static long behind(long position, int excerpt) {
        return aligned(position + EXCERPT_HEADER_LENGTH + contentLength(excerpt));
    }

    /** Where an excerpt may begin, at or behind a position. */
    static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Reads the header of the block whose first byte is at {@code position}.
     *
     * @param length of the block as its excerpt says
     */
    BlockHeader readHeader(long position, int length, String place) {
        return read(position, length, BlockDescriptor.HEADER_LENGTH, place);
    }

    /** Reads a whole block; {@link #bytes} holds it until the next call. */
    BlockHeader readBlock(long position, int length, String place) {
        return read(position, length, JournalDescriptor.MAX_BLOCK_LENGTH, place);
    }

    private BlockHeader read(long position, int length, int most, String place) {
        if (length > JournalDescriptor.MAX_BLOCK_LENGTH) {
            String expected = "a block of at most " + JournalDescriptor.MAX_BLOCK_LENGTH + " bytes";
            throw new CorruptTraceException(file, place, expected, length + " bytes", NEXT_STEP);
        }
        int wanted = Math.min(length, most);
        if (wanted > bytes.length) {
            bytes = new byte[JournalDescriptor.MAX_BLOCK_LENGTH];
            into = ByteBuffer.wrap(bytes);
            view.wrap(bytes);
        }
        into.clear().limit(wanted);
        int got = read(into, position);
        if (got < wanted) {
            throw new CorruptTraceException(file, place, wanted + " bytes", got + " bytes", NEXT_STEP);
        }
        return BlockHeader.read(view, 0, length, file, place);
    }

    /** Reads as much as there is, up to the buffer's limit, and returns how much that was. */
    int read(ByteBuffer target, long position) {
        int start = target.position();
        try {
            while (target.hasRemaining()) {
                if (channel.read(target, position + target.position() - start) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            throw unreadable(position, e);
        }
        return target.position() - start;
    }

    private CorruptTraceException unreadable(long position, IOException e) {
        String found = PlainReason.of(e);
        return new CorruptTraceException(file, "offset " + position, "a readable file", found, NEXT_STEP, e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(0, e);
        }
    }
}
