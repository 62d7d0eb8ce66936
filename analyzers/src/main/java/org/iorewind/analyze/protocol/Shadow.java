package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.jspecify.annotations.Nullable;

/**
 * All page tables that device table entries lead to, page by page. Bounded by the pages that a replay's memory may have. A
 * table that several trees share counts for the one that got it last. Not thread-safe.
 */
final class Shadow {
    private static final int PAGE_SHIFT = 12;
    private static final long PAGE_BYTES = 1L << PAGE_SHIFT;
    private static final int DEEPEST = 8;
    /** A power of two. */
    private static final int RECENT = 256;

    private final SparseMemory memory;
    private ShadowListener[] listeners = {};
    private final Long2ObjectHashMap<TablePage> pages = new Long2ObjectHashMap<>();
    /** Pages that were asked for lately, tables or not, each in the one place that its number gives it. */
    private final long[] recentNumbers = new long[RECENT];

    private final @Nullable TablePage[] recentPages = new TablePage[RECENT];
    private boolean isComplete = true;

    Shadow(SparseMemory memory) {
        this.memory = memory;
    }

    void listen(ShadowListener listener) {
        listeners = Arrays.copyOf(listeners, listeners.length + 1);
        listeners[listeners.length - 1] = listener;
    }

    void ignore(ShadowListener listener) {
        List<ShadowListener> rest = new ArrayList<>(List.of(listeners));
        rest.remove(listener);
        listeners = rest.toArray(new ShadowListener[0]);
    }

    /** Who listens, in order; not to be changed. */
    ShadowListener[] listeners() {
        return listeners;
    }

    SparseMemory memory() {
        return memory;
    }

    /** Whether there was place for all tables. */
    boolean isComplete() {
        return isComplete;
    }

    /** The table in the page at this system physical address, or null. */
    @Nullable
    TablePage page(long address) {
        long number = address >>> PAGE_SHIFT;
        int place = (int) number & RECENT - 1;
        if (recentNumbers[place] != number) {
            recentNumbers[place] = number;
            recentPages[place] = pages.get(number);
        }
        return recentPages[place];
    }

    /** A tree begins to be in use: finds all its tables. */
    void link(AddressSpace space) {
        long root = space.system(space.root());
        if (root >= 0) {
            link(space, root, space.levels(), 0, DEEPEST);
        }
    }

    /** GCR3 tables begin to be in use. */
    void link(Gcr3Tree tree, long root, int levels) {
        long at = tree.system(root);
        if (at >= 0) {
            linkGcr3(tree, at, levels, 0);
        }
    }

    private boolean put(TablePage page) {
        if (pages.size() >= SparseMemory.MOST_RECORDED_PAGES && !pages.containsKey(page.address() >>> PAGE_SHIFT)) {
            isComplete = false;
            return false;
        }
        long number = page.address() >>> PAGE_SHIFT;
        pages.put(number, page);
        recentNumbers[(int) number & RECENT - 1] = number;
        recentPages[(int) number & RECENT - 1] = page;
        return true;
    }

    private void link(AddressSpace space, long table, int level, long first, int depth) {
        TablePage before = page(table);
        boolean isSame = before != null
                && before.isLinked()
                && before.isOf(space)
                && before.level() == level
                && before.first() == first;
        if (isSame || depth == 0 || level < 1 || level > DEEPEST - 1) {
            return;
        }
        TablePage page = TablePage.of(space, table, level, first);
        if (!put(page)) {
            return;
        }
        for (ShadowListener listener : listeners) {
            listener.tableLinked(space, page);
        }
        for (long at = table; at < table + PAGE_BYTES; at += Long.BYTES) {
            long entry = memory.peek(at);
            if (Entries.isPresent(entry)) {
                appeared(page, at, entry, 0, false, depth);
            }
        }
    }

    private void linkGcr3(Gcr3Tree tree, long table, int level, long firstPasid) {
        if (level < 1 || !put(TablePage.of(tree, table, level, firstPasid))) {
            return;
        }
        for (long at = table; at < table + PAGE_BYTES; at += Long.BYTES) {
            long entry = memory.peek(at);
            if (Entries.isPresent(entry)) {
                gcr3Appeared(tree, level, pasidOf(at, table, level, firstPasid), entry);
            }
        }
    }

    private static long pasidOf(long at, long table, int level, long firstPasid) {
        return firstPasid + ((at - table) / Long.BYTES << GuestEntryDescriptor.GCR3_LEVEL_BITS * (level - 1));
    }

    private void gcr3Appeared(Gcr3Tree tree, int level, long pasid, long entry) {
        long next = entry & GuestEntryDescriptor.ADDRESS_MASK;
        if (level > 1) {
            long at = tree.system(next);
            if (at >= 0) {
                linkGcr3(tree, at, level - 1, pasid);
            }
        } else {
            link(tree.space((int) pasid, next));
        }
    }

    /** An entry of a known table is another one now. */
    void changed(TablePage page, long at, long before, long after, boolean isCertain) {
        if (page.kind() == TablePage.Kind.GCR3) {
            if (Entries.isPresent(after)) {
                gcr3Appeared(page.tree(), page.level(), pasidOf(at, page.address(), page.level(), page.first()), after);
            }
            return;
        }
        if (page.isReachable()) {
            for (ShadowListener listener : listeners) {
                listener.entryStored(page, at, after);
            }
        }
        if (!page.isLinked()) {
            for (ShadowListener listener : listeners) {
                listener.unlinkedStored(page, at, after);
            }
            return;
        }
        AddressSpace space = page.space();
        boolean wasTable = isTable(space, page.level(), before);
        boolean isTable = isTable(space, page.level(), after);
        if (wasTable && (!isTable || Entries.table(before) != Entries.table(after))) {
            unlink(space, space.system(Entries.table(before)), isCertain);
        }
        if (Entries.isPresent(after)) {
            appeared(page, at, after, wasTable ? 0 : before, isCertain, DEEPEST);
        } else if (Entries.isPresent(before) && !wasTable) {
            pageChanged(page, at, before, after, isCertain);
        }
    }

    private static boolean isTable(AddressSpace space, int level, long entry) {
        return Entries.isPresent(entry) && !Entries.isPage(space, entry, level);
    }

    private void appeared(TablePage page, long at, long entry, long before, boolean isCertain, int depth) {
        AddressSpace space = page.space();
        if (Entries.isPage(space, entry, page.level())) {
            pageChanged(page, at, before, entry, isCertain);
            return;
        }
        int next = Entries.nextLevel(space, entry, page.level());
        long table = space.system(Entries.table(entry));
        if (next < page.level() && table >= 0) {
            link(space, table, next, firstOf(page, at), depth - 1);
        }
    }

    private static long firstOf(TablePage page, long at) {
        return page.first() + ((at - page.address()) / Long.BYTES << Entries.shift(page.level()));
    }

    private void pageChanged(TablePage page, long at, long before, long after, boolean isCertain) {
        for (ShadowListener listener : listeners) {
            listener.pageChanged(
                    page.space(),
                    firstOf(page, at),
                    page.level(),
                    Entries.shift(page.level()),
                    before,
                    after,
                    isCertain);
        }
    }

    private void unlink(AddressSpace space, long table, boolean isCertain) {
        TablePage page = table < 0 ? null : page(table);
        if (page == null || !page.isLinked() || page.kind() == TablePage.Kind.GCR3 || !page.isOf(space)) {
            return;
        }
        page.unlink();
        if (page.level() > 1) {
            for (long at = page.address(); at < page.address() + PAGE_BYTES; at += Long.BYTES) {
                long entry = memory.peek(at);
                if (isTable(space, page.level(), entry)) {
                    unlink(space, space.system(Entries.table(entry)), isCertain);
                }
            }
        }
        for (ShadowListener listener : listeners) {
            listener.tableUnlinked(space, page, isCertain);
        }
    }
}
