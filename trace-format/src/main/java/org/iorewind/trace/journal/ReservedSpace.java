package org.iorewind.trace.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the disk space of the queue's file ahead of its writer. Chronicle maps a sparse file: a store to a page that
 * the disk has no room for would kill the process.
 *
 * <p>A range is allocated by writing to it what it holds. Nobody else writes to it meanwhile: there is one writer, and
 * this runs on its thread between two blocks.
 */
final class ReservedSpace implements AutoCloseable {
    private static final int STEP = 1 << 20;
    /** What Chronicle itself may put between two blocks: the pages of its index. */
    private static final int INDEX_ALLOWANCE = 256 * 1024;

    /** Chronicle makes its file with the first block; until then there is nothing to allocate, only to hope for. */
    private static final long FREE_SPACE_TO_BEGIN = 8L << 20;

    private final Path directory;
    private final ByteBuffer step = ByteBuffer.allocateDirect(STEP);
    private @Nullable FileChannel channel;
    private long reserved;

    ReservedSpace(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes sure that so many bytes can be written behind a position.
     *
     * @param queueFile the queue's file; null before the first block
     * @throws IOException if the disk is full
     */
    void reserve(@Nullable File queueFile, long position, int length) throws IOException {
        if (queueFile == null) {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < FREE_SPACE_TO_BEGIN) {
                throw new IOException(free + " bytes free");
            }
            return;
        }
        if (channel == null) {
            channel = FileChannel.open(queueFile.toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        allocate(channel, position, length);
    }

    private void allocate(FileChannel channel, long position, int length) throws IOException {
        long needed = position + length + INDEX_ALLOWANCE;
        while (reserved < needed) {
            step.clear();
            while (step.hasRemaining() && channel.read(step, reserved + step.position()) >= 0) {
                // A read may be short; behind the file's end there is nothing to read, and zeros are written.
            }
            while (step.hasRemaining()) {
                step.put((byte) 0);
            }
            step.flip();
            while (step.hasRemaining()) {
                channel.write(step, reserved + step.position());
            }
            reserved += STEP;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
