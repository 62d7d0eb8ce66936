package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Allocates the disk space of the queue's file before Chronicle stores to it: Chronicle maps the file, and a store to a page
 * that the disk has no room for would kill the process.
 *
 * <p>Space is allocated by writing to it: the block itself, where it is known that the block comes next; else zeros, never
 * where Chronicle has stored anything.
 */
final class ReservedSpace implements AutoCloseable {
    private static final int STEP = 1 << 20;

    /** Zeros behind each block: Chronicle looks at the word there, and may clear it. */
    private static final int SLACK = 64;

    private final ByteBuffer[] zeros = {ByteBuffer.allocateDirect(STEP)};
    private final ByteBuffer[] word = {ByteBuffer.allocateDirect(Integer.BYTES).order(LITTLE_ENDIAN)};
    private final FileStore store;
    private final Path dataFile;
    private FileChannel channel;
    private final long watchLevel;
    /** All bytes before this were written to by us. */
    private long reserved;

    private long checkedUpTo;

    private ReservedSpace(Path dataFile, FileStore store, FileChannel channel, long watchLevel) {
        this.dataFile = dataFile;
        this.store = store;
        this.channel = channel;
        this.watchLevel = watchLevel;
    }

    /**
     * Makes the queue's data file, with room for the first block.
     *
     * @param dataFile must not exist
     * @param watchLevel usable space in bytes that is left alone
     * @param more bytes that others will need at once
     * @throws IOException if there is no room
     */
    static ReservedSpace create(Path dataFile, long watchLevel, long more) throws IOException {
        FileChannel channel = FileChannel.open(
                dataFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ReservedSpace space = new ReservedSpace(dataFile, Files.getFileStore(dataFile), channel, watchLevel);
            space.reserve(0, JournalDescriptor.MAX_BLOCK_LENGTH);
            space.requireFree(more);
            return space;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Makes sure that so many bytes can be stored behind a position.
     *
     * @throws IOException if the disk is full
     */
    void reserve(long position, int length) throws IOException {
        long needed = position + length + SLACK;
        while (reserved < needed) {
            requireFreeBefore(reserved + STEP);
            zeros[0].clear();
            writeFully(reserved, zeros, 0, 1);
            reserved += STEP;
        }
    }

    /**
     * Writes blocks one behind the other, with zeros where the words are going to be that they are found by. A file system has less
     * to do for each page when it is told of many.
     *
     * @param position where the first byte of the first one goes
     * @param blocks each from 0 to its limit, a multiple of {@value QueueFile#ALIGNMENT}; the {@value #SLACK} bytes behind that are
     *     used
     * @param from index of the first one
     * @param to index behind the last one
     * @throws IOException if the disk is full
     */
    void write(long position, ByteBuffer[] blocks, int from, int to) throws IOException {
        long end = position;
        for (int i = from; i < to; i++) {
            zerosBehind(blocks[i], i == to - 1 ? SLACK : QueueFile.EXCERPT_HEADER_LENGTH);
            end += blocks[i].limit();
        }
        requireFreeBefore(end);
        writeFully(position, blocks, from, to);
        reserved = Math.max(reserved, end);
    }

    private static void zerosBehind(ByteBuffer block, int count) {
        int length = block.limit();
        block.limit(length + count);
        for (int i = 0; i < count; i += Integer.BYTES) {
            block.putInt(length + i, 0);
        }
    }

    /** Writes the word that an excerpt is found by, into space that is allocated. */
    void writeWord(long position, int value) throws IOException {
        word[0].clear().putInt(0, value);
        writeFully(position, word, 0, 1);
    }

    /**
     * Writes buffers one behind the other. An interrupt closes the channel of whoever writes, and the writer's thread belongs to
     * others: the file is opened again, and what the interrupted call has done shows in the buffers.
     */
    private void writeFully(long position, ByteBuffer[] from, int first, int behind) throws IOException {
        boolean interrupted = false;
        try {
            while (from[behind - 1].hasRemaining()) {
                long at = position;
                for (int i = first; i < behind; i++) {
                    at += from[i].position();
                }
                try {
                    channel.position(at).write(from, first, behind - first);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    channel = FileChannel.open(dataFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireFreeBefore(long position) throws IOException {
        if (position > checkedUpTo) {
            long until = position + STEP;
            requireFree(until - reserved);
            checkedUpTo = until;
        }
    }

    /**
     * Asks the file system for room.
     *
     * @throws IOException if so many bytes would leave less than the watch level
     */
    void requireFree(long bytes) throws IOException {
        long usable = store.getUsableSpace();
        if (usable < bytes || usable - bytes < watchLevel) {
            throw new IOException(usable + " usable bytes, of which " + watchLevel + " are left to others");
        }
    }

    /** Forces the file to the disk. */
    void force(boolean metadata) throws IOException {
        channel.force(metadata);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
