package org.iorewind.model.memory;

import org.agrona.DirectBuffer;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit address space that holds only the pages that were written.
 *
 * <p>Two kinds exist. {@link #zeroFilled()} is RAM: what was never written reads as zero. {@link #recordedOnly()} is what
 * a recording knows: what was never written reads as {@link MemoryStatus#NOT_RECORDED}. There, validity is kept for each
 * byte: a quadword is readable as soon as all of its eight bytes were written, in whatever pieces.
 *
 * <p>Accesses can be made to fail: all that touch a range until it is healed, or the n-th one. What fails refuses loads or
 * the IOMMU's own {@link #store}; the contents below stay and can be written by {@link #write} and {@link #writeLong} (the
 * processor's path).
 *
 * <p>{@link #snapshot} keeps the present state at the cost of the pages changed since the last snapshot or hash;
 * {@link #restore} goes back at the cost of the pages that differ.
 *
 * <p>Not thread-safe. Loads never allocate; the first write to a page after a snapshot allocates that page.
 */
public final class SparseMemory implements MemoryPort {
    private static final int PAGE_MASK = MemoryPage.BYTES - 1;

    /** Most pages that a recording's memory keeps: 256 MiB of tables, about 300 MB of heap. */
    public static final int MOST_RECORDED_PAGES = 1 << 16;

    /** Most pages that RAM keeps: 4 GiB written. */
    public static final int MOST_RAM_PAGES = 1 << 20;

    private final boolean unwrittenIsZero;
    private final int mostPages;
    private final PageSet pages;
    private final MemoryFailures failures = new MemoryFailures();
    private final long[] loaded = new long[PageSet.MOST_QUADWORDS];
    private long refusedWrites;
    private boolean mayFail;

    private SparseMemory(boolean unwrittenIsZero, int mostPages) {
        this.unwrittenIsZero = unwrittenIsZero;
        this.mostPages = mostPages;
        this.pages = new PageSet(unwrittenIsZero, mostPages);
    }

    /**
     * Memory that reads zero where nothing was written, of which at most {@link #MOST_RAM_PAGES} pages can be written: the
     * IOMMU's store to one page more aborts.
     */
    public static SparseMemory zeroFilled() {
        return zeroFilled(MOST_RAM_PAGES);
    }

    /** The same with a bound of its own. */
    static SparseMemory zeroFilled(int mostPages) {
        return new SparseMemory(true, mostPages);
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

    /** Writes that were refused because of the bound, one for each page that a write touched. */
    public long refusedWrites() {
        return refusedWrites;
    }

    @Override
    public MemoryStatus load(long address, int quadwords) {
        if (mayFail) {
            MemoryStatus status = failures.on(MemoryAccess.LOAD, address, (long) Long.BYTES * quadwords);
            mayFail = !failures.isEmpty();
            if (status != MemoryStatus.OK) {
                return status;
            }
        }
        return pages.fetch(address, quadwords, loaded);
    }

    @Override
    public long word(int index) {
        return loaded[index];
    }

    @Override
    public MemoryStatus store(long address, long value) {
        if (mayFail) {
            MemoryStatus status = failures.on(MemoryAccess.STORE, address, Long.BYTES);
            mayFail = !failures.isEmpty();
            if (status != MemoryStatus.OK) {
                return status;
            }
        }
        boolean isKept = keepLong(address, value);
        return isKept || !unwrittenIsZero ? MemoryStatus.OK : MemoryStatus.ABORT;
    }

    /**
     * Writes one quadword, whatever failures are injected there.
     *
     * @param address any; the three lowest bits are ignored
     * @param value little-endian value
     */
    public void writeLong(long address, long value) {
        keepLong(address, value);
    }

    private boolean keepLong(long address, long value) {
        MemoryPage page = pageForWrite(address);
        if (page != null) {
            page.setWord(MemoryPage.indexOf(address), value);
        }
        return page != null;
    }

    /**
     * Writes bytes, whatever failures are injected there. Addresses wrap at 2^64.
     *
     * @param address of the first byte
     * @param source where the bytes are
     * @param offset index of the first byte in {@code source}
     * @param length how many bytes, from 0
     * @return false if a page was refused, which counts as a refused write
     */
    public boolean write(long address, DirectBuffer source, int offset, int length) {
        source.boundsCheck(offset, length);
        boolean isKept = true;
        int done = 0;
        while (done < length) {
            int inPage = (int) (address + done) & PAGE_MASK;
            int take = Math.min(length - done, MemoryPage.BYTES - inPage);
            MemoryPage page = pageForWrite(address + done);
            if (page != null) {
                page.write(inPage, source, offset + done, take);
            } else {
                isKept = false;
            }
            done += take;
        }
        return isKept;
    }

    /**
     * Writes one byte.
     *
     * @param address any
     * @param value the byte
     */
    public void writeByte(long address, byte value) {
        MemoryPage page = pageForWrite(address);
        if (page != null) {
            page.setByte((int) address & PAGE_MASK, value);
        }
    }

    private @Nullable MemoryPage pageForWrite(long address) {
        MemoryPage page = pages.forWrite(address >>> MemoryPage.SHIFT);
        if (page == null) {
            refusedWrites++;
        }
        return page;
    }

    /**
     * Replaces a page by one that was shown by a snapshot, or told in words. In RAM, bytes that are not known become zero.
     *
     * @param number address divided by 4096, of which the low 52 bits count
     * @param words 512 quadwords; what they say of unknown bytes is ignored
     * @param knownBytes for each quadword its known bytes, as {@link MemoryPage#knownBytes} tells them
     * @return false if there is no place for one more page; the write counts as refused
     * @throws IllegalArgumentException for arrays of another length
     */
    public boolean importPage(long number, long[] words, byte[] knownBytes) {
        if (words.length != MemoryPage.QUADWORDS || knownBytes.length != MemoryPage.QUADWORDS) {
            throw new IllegalArgumentException(
                    "expected " + MemoryPage.QUADWORDS + " quadwords and as many known bytes," + " found words="
                            + words.length + " knownBytes=" + knownBytes.length);
        }
        MemoryPage page = pageForWrite(number << MemoryPage.SHIFT);
        if (page == null) {
            return false;
        }
        for (int i = 0; i < MemoryPage.QUADWORDS; i++) {
            page.setWord(i, words[i], knownBytes[i], unwrittenIsZero);
        }
        return true;
    }

    /**
     * Forgets a page: it is as if it had never been written.
     *
     * @param number address divided by 4096
     */
    public void removePage(long number) {
        pages.remove(number);
    }

    /**
     * Makes a range fail from now on; what was injected there before is replaced, failures of single accesses excepted.
     *
     * @param address first byte
     * @param length in bytes, from 1; a range does not wrap at 2^64
     * @param status {@link MemoryStatus#ABORT} or {@link MemoryStatus#POISON}
     * @throws IllegalArgumentException for another status
     */
    public void injectFailure(long address, long length, MemoryStatus status) {
        failures.inject(address, length, status);
        mayFail = true;
    }

    /**
     * Makes single accesses fail: of those that touch the range, some pass first, then some fail, and all later ones pass
     * again. Accesses that a failing range refuses do not count, nor do those of {@link #observing}.
     *
     * @param access what is counted and fails
     * @param address first byte
     * @param length in bytes, from 1; a range does not wrap at 2^64
     * @param status {@link MemoryStatus#ABORT} or {@link MemoryStatus#POISON}
     * @param skip how many pass first, from 0
     * @param count how many fail then, from 1
     * @throws IllegalArgumentException for anything else
     * @throws IllegalStateException if 64 such failures wait already
     */
    public void failAccess(MemoryAccess access, long address, long length, MemoryStatus status, long skip, long count) {
        failures.inject(access, address, length, status, skip, count);
        mayFail = true;
    }

    /**
     * Lets a range work again. Failures of single accesses that touch it are gone, wholly.
     *
     * @param address first byte
     * @param length in bytes, from 1
     */
    public void heal(long address, long length) {
        failures.heal(address, length);
        mayFail = !failures.isEmpty();
    }

    /** Whether the whole quadword at this address can be read, failures aside. */
    public boolean isRecorded(long address) {
        MemoryPage page = pages.find(address >>> MemoryPage.SHIFT);
        return unwrittenIsZero || page != null && page.isReadable(MemoryPage.indexOf(address));
    }

    /** Whether no byte of the page that this address is on can be read, failures aside. */
    public boolean isPageBlank(long address) {
        return !unwrittenIsZero && pages.find(address >>> MemoryPage.SHIFT) == null;
    }

    /** The quadword at this address as far as it is known, unknown bytes zero; failures do not matter. */
    public long peek(long address) {
        MemoryPage page = pages.find(address >>> MemoryPage.SHIFT);
        return page == null ? 0 : page.word(MemoryPage.indexOf(address));
    }

    @Override
    public MemoryPort observing() {
        return new ObservedMemory(pages, failures);
    }

    /** The present state, to keep. Takes time for the pages changed since the last snapshot or hash. */
    public MemorySnapshot snapshot() {
        PageTree tree = pages.freeze();
        return new MemorySnapshot(unwrittenIsZero, tree, pages.size(), pages.sum(), refusedWrites, failures.freeze());
    }

    /**
     * Goes back, or on, to a state: of this memory, or of another one of the same kind. Takes time for the pages that
     * differ, whatever the size of memory.
     *
     * @throws IllegalArgumentException if the kind is another, or this memory may not have as many pages
     */
    public void restore(MemorySnapshot snapshot) {
        if (snapshot.isRam() != unwrittenIsZero || snapshot.pageCount() > mostPages) {
            throw new IllegalArgumentException(
                    "expected a snapshot with isRam=" + unwrittenIsZero + " of at most " + mostPages
                            + " pages, found isRam=" + snapshot.isRam() + " and " + snapshot.pageCount() + " pages");
        }
        pages.restore(snapshot.tree(), snapshot.sum());
        failures.restore(snapshot.failures());
        mayFail = !failures.isEmpty();
        refusedWrites = snapshot.refusedWrites();
    }

    /**
     * Takes over what {@link MemorySnapshot#saveFailuresTo} gave; pages stay.
     *
     * @throws org.iorewind.model.StateImageException when it does not fit
     */
    public void restoreFailuresFrom(StateImage.Reader source) {
        refusedWrites = source.next();
        failures.restoreFrom(source);
        mayFail = !failures.isEmpty();
    }

    /**
     * Adds contents and failures to a hash. Memory that reads the same hashes the same, whatever led to it: a page of RAM
     * that holds only zeros counts as not written. Only pages changed since the last call are read again.
     */
    public void hashInto(StateHasher hasher) {
        hasher.addLong(pages.sum());
        failures.hashInto(hasher);
    }
}
