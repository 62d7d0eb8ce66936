package org.iorewind.model.memory;

import org.iorewind.model.StateSink;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SparseMemory} held at one moment: pages, what is known of them, and injected failures. Snapshots share the
 * pages in which they agree, with each other and with the memory; one keeps alive only what changed after it.
 *
 * <p>Immutable; safe for any thread.
 */
public final class MemorySnapshot {
    private final boolean isRam;
    private final @Nullable PageTree tree;
    private final int pages;
    private final long sum;
    private final long refusedWrites;
    private final MemoryFailures failures;

    /** Hears of pages, in the order of their addresses. */
    public interface PageVisitor {
        /** This page holds something; {@code page} may be kept. */
        void page(MemoryPage page);

        /**
         * Nothing is held here now, but was before.
         *
         * @param number address divided by 4096
         */
        void absent(long number);
    }

    MemorySnapshot(
            boolean isRam, @Nullable PageTree tree, int pages, long sum, long refusedWrites, MemoryFailures failures) {
        this.isRam = isRam;
        this.tree = tree;
        this.pages = pages;
        this.sum = sum;
        this.refusedWrites = refusedWrites;
        this.failures = failures;
    }

    /** Whether what was never written reads as zero; otherwise it is not recorded. */
    public boolean isRam() {
        return isRam;
    }

    /** How many pages the memory kept, those that read as if never written included. */
    public int pageCount() {
        return pages;
    }

    /** The quadword at this address as far as it is known, unknown bytes zero. */
    public long peek(long address) {
        MemoryPage page = PageTree.find(tree, address >>> MemoryPage.SHIFT);
        return page == null ? 0 : page.word(MemoryPage.indexOf(address));
    }

    /** Whether the whole quadword at this address can be read, failures aside. */
    public boolean isRecorded(long address) {
        MemoryPage page = PageTree.find(tree, address >>> MemoryPage.SHIFT);
        return isRam || page != null && page.isReadable(MemoryPage.indexOf(address));
    }

    /** Shows every page that holds something. */
    public void forEachPage(PageVisitor visitor) {
        PageTree.compare(null, tree, (was, is) -> show(null, is, visitor));
    }

    /**
     * Shows every page that holds something else than in another snapshot, which is older or at any rate the one to start
     * from: who has that one's pages, replaces those shown and removes those absent, has this one's. Takes time for the
     * pages written between the two, whatever the size of memory.
     *
     * @throws IllegalArgumentException if one is RAM and the other is not
     */
    public void forEachDifference(MemorySnapshot older, PageVisitor visitor) {
        if (older.isRam != isRam) {
            throw new IllegalArgumentException(
                    "expected two snapshots of the same kind, found isRam=" + older.isRam + " and isRam=" + isRam);
        }
        PageTree.compare(older.tree, tree, (was, is) -> show(was, is, visitor));
    }

    /** Gives everything but the pages: injected failures, and how many writes were refused. */
    public void saveFailuresTo(StateSink sink) {
        sink.addLong(refusedWrites);
        failures.saveTo(sink);
    }

    private static void show(@Nullable MemoryPage was, @Nullable MemoryPage is, PageVisitor visitor) {
        MemoryPage before = was == null || was.isBlank() ? null : was;
        MemoryPage now = is == null || is.isBlank() ? null : is;
        if (now == null) {
            if (before != null) {
                visitor.absent(before.number());
            }
        } else if (before == null || !before.hasSameContents(now)) {
            visitor.page(now);
        }
    }

    @Nullable
    PageTree tree() {
        return tree;
    }

    long sum() {
        return sum;
    }

    long refusedWrites() {
        return refusedWrites;
    }

    MemoryFailures failures() {
        return failures;
    }
}
