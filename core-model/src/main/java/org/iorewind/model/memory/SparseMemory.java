package org.iorewind.model.memory;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.model.StateHasher;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit address space that holds only the pages that were written.
 *
 * <p>Two kinds exist. {@link #zeroFilled()} is RAM: what was never written reads as zero. {@link #recordedOnly()} is what
 * a recording knows: what was never written reads as {@link MemoryStatus#NOT_RECORDED}. There, validity is kept for each
 * byte: a quadword is readable as soon as all of its eight bytes were written, in whatever pieces.
 *
 * <p>Ranges can be made to fail, and healed. A failing range refuses loads and the IOMMU's own {@link #store}; the
 * contents below stay and can be written by {@link #write} and {@link #writeLong} (the processor's path).
 *
 * <p>Not thread-safe. Loads never allocate; the first write to a page allocates that page.
 */
public final class SparseMemory implements MemoryPort {
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    private static final int PAGE_QUADWORDS = 512;
    private static final byte ALL_BYTES_KNOWN = -1;
    private static final int MOST_QUADWORDS = 4;

    /** Most pages that a recording's memory keeps: 256 MiB of tables, about 300 MB of heap. */
    public static final int MOST_RECORDED_PAGES = 1 << 16;

    private final boolean unwrittenIsZero;
    private final int mostPages;
    private long refusedWrites;
    private final Long2ObjectHashMap<Page> pages = new Long2ObjectHashMap<>();
    private final FailureRanges failures = new FailureRanges();
    private final long[] loaded = new long[MOST_QUADWORDS];
    private long[] sortedPageNumbers = new long[0];

    private SparseMemory(boolean unwrittenIsZero, int mostPages) {
        this.unwrittenIsZero = unwrittenIsZero;
        this.mostPages = mostPages;
    }

    /** Memory that reads zero where nothing was written. */
    public static SparseMemory zeroFilled() {
        return new SparseMemory(true, Integer.MAX_VALUE);
    }

    /**
     * Memory that knows only what was written, on at most {@link #MOST_RECORDED_PAGES} pages: a write to one page more is
     * refused and counted, and that page stays not recorded.
     */
    public static SparseMemory recordedOnly() {
        return recordedOnly(MOST_RECORDED_PAGES);
    }

    /** The same with a bound of its own. */
    static SparseMemory recordedOnly(int mostPages) {
        return new SparseMemory(false, mostPages);
    }

    /** Writes that were refused because of the bound: memory says NOT_RECORDED there. */
    public long refusedWrites() {
        return refusedWrites;
    }

    @Override
    public MemoryStatus load(long address, int quadwords) {
        MemoryStatus status = failures.first(address, 8L * quadwords);
        if (status != MemoryStatus.OK) {
            return status;
        }
        for (int i = 0; i < quadwords; i++) {
            long at = address + 8L * i;
            Page page = pages.get(at >>> PAGE_SHIFT);
            int index = quadwordIndex(at);
            if (page == null ? !unwrittenIsZero : !unwrittenIsZero && page.known[index] != ALL_BYTES_KNOWN) {
                return MemoryStatus.NOT_RECORDED;
            }
            loaded[i] = page == null ? 0 : page.words[index];
        }
        return MemoryStatus.OK;
    }

    @Override
    public long word(int index) {
        return loaded[index];
    }

    @Override
    public MemoryStatus store(long address, long value) {
        MemoryStatus status = failures.first(address, Long.BYTES);
        if (status == MemoryStatus.OK) {
            writeLong(address, value);
        }
        return status;
    }

    /**
     * Writes one quadword, whatever failures are injected there.
     *
     * @param address any; the three lowest bits are ignored
     * @param value little-endian value
     */
    public void writeLong(long address, long value) {
        Page page = pageForWrite(address);
        if (page == null) {
            return;
        }
        int index = quadwordIndex(address);
        page.words[index] = value;
        page.known[index] = ALL_BYTES_KNOWN;
        page.hashIsCurrent = false;
    }

    /**
     * Writes bytes, whatever failures are injected there. Addresses wrap at 2^64.
     *
     * @param address of the first byte
     * @param source where the bytes are
     * @param offset index of the first byte in {@code source}
     * @param length how many bytes, from 0
     */
    public void write(long address, DirectBuffer source, int offset, int length) {
        source.boundsCheck(offset, length);
        for (int i = 0; i < length; i++) {
            writeByte(address + i, source.getByte(offset + i));
        }
    }

    /**
     * Writes one byte.
     *
     * @param address any
     * @param value the byte
     */
    public void writeByte(long address, byte value) {
        Page page = pageForWrite(address);
        if (page == null) {
            return;
        }
        int index = quadwordIndex(address);
        int shift = (int) (address & 7) * 8;
        page.words[index] = page.words[index] & ~(0xFFL << shift) | (value & 0xFFL) << shift;
        page.known[index] |= (byte) (1 << (address & 7));
        page.hashIsCurrent = false;
    }

    /**
     * Makes a range fail from now on; what was injected there before is replaced.
     *
     * @param address first byte
     * @param length in bytes, from 1; a range does not wrap at 2^64
     * @param status {@link MemoryStatus#ABORT} or {@link MemoryStatus#POISON}
     * @throws IllegalArgumentException for another status
     */
    public void injectFailure(long address, long length, MemoryStatus status) {
        if (status != MemoryStatus.ABORT && status != MemoryStatus.POISON) {
            throw new IllegalArgumentException("expected ABORT or POISON, found " + status);
        }
        failures.inject(address, length, status);
    }

    /**
     * Lets a range work again.
     *
     * @param address first byte
     * @param length in bytes, from 1
     */
    public void heal(long address, long length) {
        failures.heal(address, length);
    }

    /** Whether the whole quadword at this address can be read, failures aside. */
    public boolean isRecorded(long address) {
        if (unwrittenIsZero) {
            return true;
        }
        Page page = pages.get(address >>> PAGE_SHIFT);
        return page != null && page.known[quadwordIndex(address)] == ALL_BYTES_KNOWN;
    }

    /** The quadword at this address as far as it is known, unknown bytes zero; failures do not matter. */
    public long peek(long address) {
        Page page = pages.get(address >>> PAGE_SHIFT);
        return page == null ? 0 : page.words[quadwordIndex(address)];
    }

    /**
     * Adds the contents to a hash, pages in the order of their addresses. Memory that reads the same hashes the same: a
     * page of RAM that holds only zeros counts as not written. Only pages changed since the last call are read again.
     */
    public void hashInto(StateHasher hasher) {
        sortPageNumbers();
        StateHasher pageHasher = new StateHasher();
        for (long number : sortedPageNumbers) {
            Page page = pages.get(number);
            if (!page.hashIsCurrent) {
                page.refreshHash(pageHasher, unwrittenIsZero);
            }
            if (!page.isBlank) {
                hasher.addLong(number);
                hasher.addLong(page.hash);
            }
        }
        failures.hashInto(hasher);
    }

    private void sortPageNumbers() {
        if (sortedPageNumbers.length == pages.size()) {
            return;
        }
        long[] numbers = new long[pages.size()];
        int count = 0;
        Long2ObjectHashMap<Page>.KeyIterator keys = pages.keySet().iterator();
        while (keys.hasNext()) {
            numbers[count++] = keys.nextLong();
        }
        Arrays.sort(numbers);
        sortedPageNumbers = numbers;
    }

    private @Nullable Page pageForWrite(long address) {
        long number = address >>> PAGE_SHIFT;
        Page page = pages.get(number);
        if (page == null) {
            if (pages.size() >= mostPages) {
                refusedWrites++;
                return null;
            }
            page = new Page();
            pages.put(number, page);
        }
        return page;
    }

    private static int quadwordIndex(long address) {
        return (int) (address & PAGE_MASK) >>> 3;
    }

    private static final class Page {
        final long[] words = new long[PAGE_QUADWORDS];
        final byte[] known = new byte[PAGE_QUADWORDS];
        long hash;
        boolean hashIsCurrent;
        boolean isBlank;

        void refreshHash(StateHasher hasher, boolean unwrittenIsZero) {
            hasher.reset();
            isBlank = true;
            for (int i = 0; i < PAGE_QUADWORDS; i++) {
                if (unwrittenIsZero ? words[i] != 0 : known[i] != 0) {
                    isBlank = false;
                    hasher.addLong(unwrittenIsZero ? i : i | (long) (known[i] & 0xFF) << 32);
                    hasher.addLong(words[i]);
                }
            }
            hash = hasher.value();
            hashIsCurrent = true;
        }
    }
}
