package org.iorewind.model.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The RAM of the model's machine. It notes an access to what no program may touch, so that the program can be cut before it.
 */
final class FlatMemory implements MemoryPort {
    private final ByteBuffer ram = ByteBuffer.allocateDirect(Layout.RAM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long[] loaded = new long[4];
    private boolean isTrespassed;

    /** The whole RAM. */
    ByteBuffer ram() {
        return ram;
    }

    /** What RAM holds when a program starts: zeros below {@link Layout#DATA}, marks above. */
    static ByteBuffer image() {
        ByteBuffer image = ByteBuffer.allocateDirect(Layout.RAM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = Layout.DATA; at < Layout.RAM_BYTES; at += Long.BYTES) {
            image.putLong(at, Layout.contentOfData(at));
        }
        for (int i = 0; i < Layout.BUFFER_BYTES; i += Long.BYTES) {
            image.putLong(Layout.BUFFER_IN + i, SplitMix64.mix(i + 1));
        }
        return image;
    }

    void reset(ByteBuffer image) {
        ram.put(0, image, 0, Layout.RAM_BYTES);
        isTrespassed = false;
    }

    boolean isTrespassed() {
        return isTrespassed;
    }

    /** Whether RAM answers there; notes where no program may go. */
    boolean answers(long address) {
        isTrespassed |= Layout.isForbidden(address);
        return Layout.isRam(address);
    }

    @Override
    public MemoryStatus load(long address, int quadwords) {
        if (!answers(address) || !answers(address + 8L * quadwords - 1)) {
            return MemoryStatus.ABORT;
        }
        for (int i = 0; i < quadwords; i++) {
            loaded[i] = ram.getLong((int) address + i * Long.BYTES);
        }
        return MemoryStatus.OK;
    }

    @Override
    public long word(int index) {
        return loaded[index];
    }

    /** The same: no program asks the model's probe. */
    @Override
    public MemoryPort observing() {
        return this;
    }

    @Override
    public MemoryStatus store(long address, long value) {
        if (!answers(address)) {
            return MemoryStatus.ABORT;
        }
        ram.putLong((int) address, value);
        return MemoryStatus.OK;
    }
}
