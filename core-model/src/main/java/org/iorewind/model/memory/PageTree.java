package org.iorewind.model.memory;

import org.jspecify.annotations.Nullable;

/**
 * An immutable map from page numbers to pages: a binary tree over the bits of the numbers, highest first, in which bits that
 * all numbers below a branch share are skipped. An empty map is {@code null}, a map of one page is the page.
 *
 * <p>A map made from another by one change shares all but the branches on the way to that page: at most 52, about log2 of
 * the number of pages. That makes a snapshot of all pages one reference, and the difference of two maps as cheap as it is
 * small: what both share is skipped.
 *
 * <pre>
 *                 bit 9                     pages 102h 103h 301h
 *               /       \
 *           bit 0        301h
 *          /     \
 *       102h     103h
 * </pre>
 */
sealed interface PageTree permits MemoryPage, PageTree.Branch {
    /** Hears what differs, in the order of the page numbers. */
    interface Differences {
        /** A page number under which the maps hold different objects; at most one is absent. */
        void differ(@Nullable MemoryPage older, @Nullable MemoryPage newer);
    }

    /**
     * Pages that agree in all bits above one, and differ in that one.
     *
     * @param number the bits that agree; this bit and those below it are zero
     * @param bit the one, as a mask
     * @param low pages with this bit clear
     * @param high pages with this bit set
     */
    record Branch(long number, long bit, PageTree low, PageTree high) implements PageTree {
        boolean covers(long page) {
            return (page & -bit << 1) == number;
        }

        boolean isHigh(long page) {
            return (page & bit) != 0;
        }
    }

    /** The page's number, or the bits that all pages below share. */
    long number();

    /** The same map with this page, in the place of one with its number. */
    static PageTree with(@Nullable PageTree tree, MemoryPage page) {
        if (tree == null || tree instanceof MemoryPage && tree.number() == page.number()) {
            return page;
        }
        if (!(tree instanceof Branch branch) || !branch.covers(page.number())) {
            long bit = Long.highestOneBit(tree.number() ^ page.number());
            long number = page.number() & -bit << 1;
            boolean isHigh = (page.number() & bit) != 0;
            return isHigh ? new Branch(number, bit, tree, page) : new Branch(number, bit, page, tree);
        }
        return branch.isHigh(page.number())
                ? new Branch(branch.number, branch.bit, branch.low, with(branch.high, page))
                : new Branch(branch.number, branch.bit, with(branch.low, page), branch.high);
    }

    /** The same map without this page number. */
    @SuppressWarnings("ReferenceEquality") // the same object tells that nothing changed below
    static @Nullable PageTree without(@Nullable PageTree tree, long number) {
        if (tree == null || tree instanceof MemoryPage) {
            return tree != null && tree.number() == number ? null : tree;
        }
        Branch branch = (Branch) tree;
        if (!branch.covers(number)) {
            return branch;
        }
        PageTree low = branch.isHigh(number) ? branch.low : without(branch.low, number);
        PageTree high = branch.isHigh(number) ? without(branch.high, number) : branch.high;
        if (low == null || high == null) {
            return low == null ? high : low;
        }
        return low == branch.low && high == branch.high ? branch : new Branch(branch.number, branch.bit, low, high);
    }

    /** The page with this number, if there is one. */
    static @Nullable MemoryPage find(@Nullable PageTree tree, long number) {
        PageTree at = tree;
        while (at instanceof Branch branch) {
            at = branch.isHigh(number) ? branch.high : branch.low;
        }
        return at instanceof MemoryPage page && page.number() == number ? page : null;
    }

    /** Tells what differs; time goes with the differences, not with the pages. */
    @SuppressWarnings("ReferenceEquality") // maps that share an object agree below it
    static void compare(@Nullable PageTree older, @Nullable PageTree newer, Differences differences) {
        if (older == newer) {
            return;
        }
        if (older == null || newer == null) {
            alone(older, newer, differences);
        } else if (older instanceof Branch in && isInside(in, newer)) {
            boolean isHigh = in.isHigh(newer.number());
            compare(in.low, isHigh ? null : newer, differences);
            compare(in.high, isHigh ? newer : null, differences);
        } else if (newer instanceof Branch in && isInside(in, older)) {
            boolean isHigh = in.isHigh(older.number());
            compare(isHigh ? null : older, in.low, differences);
            compare(isHigh ? older : null, in.high, differences);
        } else if (older.number() != newer.number()) {
            apart(older, newer, differences);
        } else if (older instanceof Branch was && newer instanceof Branch is) {
            compare(was.low, is.low, differences);
            compare(was.high, is.high, differences);
        } else {
            differences.differ((MemoryPage) older, (MemoryPage) newer);
        }
    }

    /** Whether a tree lies wholly below one side of a branch. */
    private static boolean isInside(Branch branch, PageTree tree) {
        boolean isSmaller = !(tree instanceof Branch other) || other.bit < branch.bit;
        return isSmaller && branch.covers(tree.number());
    }

    private static void alone(@Nullable PageTree older, @Nullable PageTree newer, Differences differences) {
        if ((older == null ? newer : older) instanceof Branch branch) {
            compare(older == null ? null : branch.low, older == null ? branch.low : null, differences);
            compare(older == null ? null : branch.high, older == null ? branch.high : null, differences);
        } else {
            differences.differ((MemoryPage) older, (MemoryPage) newer);
        }
    }

    private static void apart(PageTree older, PageTree newer, Differences differences) {
        if (older.number() < newer.number()) {
            alone(older, null, differences);
            alone(null, newer, differences);
        } else {
            alone(null, newer, differences);
            alone(older, null, differences);
        }
    }
}
