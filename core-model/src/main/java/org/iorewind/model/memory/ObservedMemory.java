package org.iorewind.model.memory;

/** A memory for those who only look: nothing is counted, and stores are forgotten. Not thread-safe. */
final class ObservedMemory implements MemoryPort {
    private final PageSet pages;
    private final MemoryFailures failures;
    private final long[] seen = new long[PageSet.MOST_QUADWORDS];

    ObservedMemory(PageSet pages, MemoryFailures failures) {
        this.pages = pages;
        this.failures = failures;
    }

    @Override
    public MemoryStatus load(long address, int quadwords) {
        MemoryStatus status = failures.lasting(address, (long) Long.BYTES * quadwords);
        return status == MemoryStatus.OK ? pages.fetch(address, quadwords, seen) : status;
    }

    @Override
    public long word(int index) {
        return seen[index];
    }

    @Override
    public MemoryStatus store(long address, long value) {
        return MemoryStatus.OK;
    }

    @Override
    public MemoryPort observing() {
        return this;
    }
}
