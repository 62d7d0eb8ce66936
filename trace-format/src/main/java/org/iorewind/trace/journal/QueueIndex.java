package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iorewind.trace.CorruptTraceException;

/**
 * The positions in the index of a queue's data file. Chronicle believes them, and takes memory in proportion to the
 * largest: one damaged bit would cost all memory there is. Every page of the index holds a million blocks, so there are
 * few of them to look at.
 *
 * <pre>
 *   0x40  position of the last block
 *   0x98  position of the first page ---&gt; size, "index2index", padding to 8, capacity, used, positions of pages
 *                                                                                                |
 *                                         size, "index", padding to 8, capacity, used, positions of blocks
 * </pre>
 */
final class QueueIndex {
    private static final int LAST_BLOCK_OFFSET = 0x40;
    private static final int FIRST_PAGE_OFFSET = 0x98;
    private static final int HEAD_LENGTH = 0xc5;
    private static final int CAPACITY = 4096;

    /** Before the padding: size of the page, two bytes and the characters of its name, one byte for the type. */
    private static final int FIRST_PREFIX = Integer.BYTES + 2 + "index2index".length() + 1;

    private static final int PAGE_PREFIX = Integer.BYTES + 2 + "index".length() + 1;

    private final Path file;
    private final FileChannel channel;

    private QueueIndex(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Checks every position.
     *
     * @throws CorruptTraceException if one leads out of the file
     * @throws IOException if the file cannot be read
     */
    static void check(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            new QueueIndex(file, channel).check();
        }
    }

    private void check() throws IOException {
        ByteBuffer head = read(0, HEAD_LENGTH);
        require(head.getLong(LAST_BLOCK_OFFSET), LAST_BLOCK_OFFSET);
        long first = head.getLong(FIRST_PAGE_OFFSET);
        require(first, FIRST_PAGE_OFFSET);
        if (first == 0) {
            return;
        }
        ByteBuffer pages = page(first, FIRST_PREFIX);
        while (pages.hasRemaining()) {
            long page = pages.getLong();
            if (page != 0) {
                page(page, PAGE_PREFIX);
            }
        }
    }

    /** The positions in a page, all of them checked. */
    private ByteBuffer page(long position, int prefix) throws IOException {
        long start = (position + prefix + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        ByteBuffer page = read(start, (2 + CAPACITY) * Long.BYTES);
        long capacity = page.getLong();
        long used = page.getLong();
        if (capacity != CAPACITY || used < 0 || used > CAPACITY) {
            String found = used + " of " + capacity;
            throw QueueFiles.corrupt(
                    file, "index at offset " + position, "at most " + CAPACITY + " entries", found, null);
        }
        int entries = page.position();
        while (page.hasRemaining()) {
            long at = start + page.position();
            require(page.getLong(), at);
        }
        return page.position(entries);
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length).order(LITTLE_ENDIAN);
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                String found = "the end of the file";
                throw QueueFiles.corrupt(file, "index at offset " + position, length + " bytes", found, null);
            }
        }
        return into.flip();
    }

    /** The size is asked for after the position was read: a living writer makes room before it writes a position. */
    private void require(long position, long at) throws IOException {
        if (position < 0 || position >= channel.size()) {
            String found = "0x" + Long.toHexString(position);
            throw QueueFiles.corrupt(file, "offset " + at, "a position inside the file", found, null);
        }
    }
}
