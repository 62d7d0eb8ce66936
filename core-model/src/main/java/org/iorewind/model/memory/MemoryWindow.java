package org.iorewind.model.memory;

/**
 * A part of memory as one who knows nothing of the rest sees it, such as a guest or a VMM's IOMMU: addresses begin at 0, and
 * what lies beyond the end aborts. Not thread-safe; allocates nothing after construction.
 */
public final class MemoryWindow implements MemoryPort {
    private final MemoryPort whole;
    private final long base;
    private final long bytes;

    /**
     * Cuts a window.
     *
     * @param whole what it is a part of
     * @param base address there of the first byte, a multiple of 8
     * @param bytes size of the window, a multiple of 8
     */
    public MemoryWindow(MemoryPort whole, long base, long bytes) {
        this.whole = whole;
        this.base = base;
        this.bytes = bytes;
    }

    @Override
    public MemoryStatus load(long address, int quadwords) {
        return isInside(address, quadwords) ? whole.load(base + address, quadwords) : MemoryStatus.ABORT;
    }

    @Override
    public long word(int index) {
        return whole.word(index);
    }

    @Override
    public MemoryStatus store(long address, long value) {
        return isInside(address, 1) ? whole.store(base + address, value) : MemoryStatus.ABORT;
    }

    @Override
    public MemoryPort observing() {
        return new MemoryWindow(whole.observing(), base, bytes);
    }

    private boolean isInside(long address, int quadwords) {
        long last = address + (long) Long.BYTES * quadwords - 1;
        return address >= 0 && last >= address && last < bytes;
    }
}
