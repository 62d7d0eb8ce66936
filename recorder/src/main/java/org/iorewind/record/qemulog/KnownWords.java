package org.iorewind.record.qemulog;

import java.util.BitSet;
import java.util.function.LongPredicate;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the trace says memory holds, per quadword. Bounded: when it is full it forgets everything, and a reading that
 * was known is written once more.
 */
final class KnownWords {
    /** Most pages kept, about 70 MiB: page tables for 32 GiB of mappings in pages of 4 KiB. */
    static final int MOST_PAGES = 16_384;

    private static final int PAGE_SHIFT = 12;
    private static final long OFFSET_IN_PAGE = 0xFFF;
    private static final int WORDS_PER_PAGE = 512;
    private static final int WORD_BYTES = 8;

    /** One page: its quadwords, and which of them are known. */
    private record Page(long[] words, BitSet known) {}

    private final Long2ObjectHashMap<Page> pages = new Long2ObjectHashMap<>();

    /** Whether the quadword at this address, a multiple of 8, is known to hold the value. */
    boolean holds(long address, long value) {
        Page page = pages.get(address >>> PAGE_SHIFT);
        int index = index(address);
        return page != null && page.known.get(index) && page.words[index] == value;
    }

    /** The quadword at this address, a multiple of 8; null if it is not known. */
    @Nullable
    Long value(long address) {
        Page page = pages.get(address >>> PAGE_SHIFT);
        int index = index(address);
        return page != null && page.known.get(index) ? (Long) page.words[index] : null;
    }

    /** Whether the quadword at this address, a multiple of 8, is known and the test holds for it. */
    boolean matches(long address, LongPredicate test) {
        Page page = pages.get(address >>> PAGE_SHIFT);
        int index = index(address);
        return page != null && page.known.get(index) && test.test(page.words[index]);
    }

    /** From now on the quadword at this address, a multiple of 8, holds the value. */
    void remember(long address, long value) {
        long frame = address >>> PAGE_SHIFT;
        Page page = pages.get(frame);
        if (page == null) {
            if (pages.size() == MOST_PAGES) {
                pages.clear();
            }
            page = new Page(new long[WORDS_PER_PAGE], new BitSet(WORDS_PER_PAGE));
            pages.put(frame, page);
        }
        page.words[index(address)] = value;
        page.known.set(index(address));
    }

    /** Something else was stored in these bytes; the length is at least 1. */
    void forget(long address, int lengthBytes) {
        long first = address & -WORD_BYTES;
        long last = address + lengthBytes - 1 & -WORD_BYTES;
        for (long word = first; ; word += WORD_BYTES) {
            Page page = pages.get(word >>> PAGE_SHIFT);
            if (page != null) {
                page.known.clear(index(word));
            }
            if (word == last) {
                return;
            }
        }
    }

    private static int index(long address) {
        return (int) (address & OFFSET_IN_PAGE) / WORD_BYTES;
    }
}
