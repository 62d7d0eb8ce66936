package org.iorewind.record.memory;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/** The file behind a guest's RAM, mapped. A mapping holds at most 2 GiB, so there are several. */
public final class MappedGuestMemory implements GuestMemory {
    /** Bytes of one mapping, a power of two. */
    private static final int PIECE_SHIFT = 30;

    private static final long PIECE_BYTES = 1L << PIECE_SHIFT;
    private static final int WORD_BYTES = 8;

    private final MappedByteBuffer[] pieces;
    private final long sizeBytes;
    private volatile RamLayout layout;

    private MappedGuestMemory(MappedByteBuffer[] pieces, long sizeBytes, RamLayout layout) {
        this.pieces = pieces;
        this.sizeBytes = sizeBytes;
        this.layout = layout;
    }

    /**
     * Maps the whole file; it may be removed from its directory afterwards.
     *
     * @param layout where its parts stand in the guest
     * @throws TraceStoreException if it cannot be mapped
     */
    public static MappedGuestMemory open(Path file, RamLayout layout) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            int count = Math.toIntExact(size + PIECE_BYTES - 1 >>> PIECE_SHIFT);
            MappedByteBuffer[] pieces = new MappedByteBuffer[count];
            for (int i = 0; i < count; i++) {
                long from = (long) i << PIECE_SHIFT;
                pieces[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(PIECE_BYTES, size - from));
                pieces[i].order(ByteOrder.LITTLE_ENDIAN);
            }
            return new MappedGuestMemory(pieces, size, layout);
        } catch (IOException | ArithmeticException e) {
            throw new TraceStoreException(
                    file.toString(),
                    "",
                    "the guest's RAM as a file that can be mapped",
                    PlainReason.of(e),
                    "check its permissions, or record without it: --fidelity observed",
                    e);
        }
    }

    /** From now on the RAM lies so; may be called by another thread than the reader's. */
    public void layout(RamLayout actual) {
        layout = actual;
    }

    @Override
    public String description() {
        return "the guest's RAM file, mapped";
    }

    @Override
    public boolean read(long address, long[] to, int count) {
        int length = count * WORD_BYTES;
        long offset = layout.offset(address, length);
        if (offset < 0 || offset > sizeBytes - length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            long at = offset + (long) i * WORD_BYTES;
            MappedByteBuffer piece = pieces[(int) (at >>> PIECE_SHIFT)];
            int in = (int) (at & PIECE_BYTES - 1);
            if (in > piece.capacity() - WORD_BYTES) {
                return false;
            }
            to[i] = piece.getLong(in);
        }
        return true;
    }

    /** Nothing to do: the mapping goes with its last reader. */
    @Override
    public void close() {
        // a mapping has no handle
    }
}
