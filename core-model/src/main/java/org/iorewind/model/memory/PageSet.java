package org.iorewind.model.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.model.StateHasher;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one memory, copied when they are first written after a snapshot.
 *
 * <pre>
 *   recent  number ─▶ page    what loads ask first: pages found lately, each in the one place that its number gives it
 *   index   number ─▶ page    what they ask then: one probe of a hash table
 *   tree    number ─▶ page    the same pages; a snapshot keeps its root
 *   owner                     pages made under it may be written; each snapshot begins a new one
 *   changed                   pages written since their share of the sum was computed
 *   sum                       of the shares of all pages modulo 2^64, so that order and history do not matter
 * </pre>
 *
 * <p>Not thread-safe. Finding a page never allocates; the first write to a page after a snapshot allocates.
 */
final class PageSet {
    static final int MOST_QUADWORDS = 4;

    /** A power of two. */
    private static final int RECENT = 256;

    private final boolean isRam;
    private final int mostPages;
    private final Long2ObjectHashMap<MemoryPage> index = new Long2ObjectHashMap<>();
    private final @Nullable MemoryPage[] recent = new MemoryPage[RECENT];
    private final List<MemoryPage> changed = new ArrayList<>();
    private final StateHasher pageHasher = new StateHasher();
    private @Nullable PageTree tree;
    private MemoryPage.Owner owner = new MemoryPage.Owner();
    private long sum;

    PageSet(boolean isRam, int mostPages) {
        this.isRam = isRam;
        this.mostPages = mostPages;
    }

    @Nullable
    MemoryPage find(long number) {
        MemoryPage page = recent[(int) number & RECENT - 1];
        return page != null && page.number() == number ? page : findInIndex(number);
    }

    private @Nullable MemoryPage findInIndex(long number) {
        MemoryPage page = index.get(number);
        if (page != null) {
            recent[(int) number & RECENT - 1] = page;
        }
        return page;
    }

    /** Copies consecutive quadwords, if all of them can be read. */
    MemoryStatus fetch(long address, int quadwords, long[] words) {
        int first = MemoryPage.indexOf(address);
        MemoryPage page = find(address >>> MemoryPage.SHIFT);
        for (int i = 0; i < quadwords; i++) {
            int word = first + i & MemoryPage.QUADWORDS - 1;
            if (word == 0 && i > 0) {
                page = find(address + (long) Long.BYTES * i >>> MemoryPage.SHIFT);
            }
            if (!isRam && (page == null || !page.isReadable(word))) {
                return MemoryStatus.NOT_RECORDED;
            }
            words[i] = page == null ? 0 : page.word(word);
        }
        return MemoryStatus.OK;
    }

    int size() {
        return index.size();
    }

    /** The page, ready to be written; {@code null} if there is none and no place for one more. */
    @Nullable
    MemoryPage forWrite(long number) {
        MemoryPage page = find(number);
        if (page == null) {
            return size() < mostPages ? adopt(new MemoryPage(number, owner, isRam)) : null;
        }
        if (!page.belongsTo(owner)) {
            return adopt(new MemoryPage(page, owner));
        }
        if (!page.isChanged()) {
            page.markChanged();
            changed.add(page);
        }
        return page;
    }

    private MemoryPage adopt(MemoryPage page) {
        index.put(page.number(), page);
        recent[(int) page.number() & RECENT - 1] = page;
        tree = PageTree.with(tree, page);
        changed.add(page);
        return page;
    }

    void remove(long number) {
        settle();
        MemoryPage page = index.remove(number);
        recent[(int) number & RECENT - 1] = null;
        if (page != null) {
            sum -= page.share();
            tree = PageTree.without(tree, number);
        }
    }

    /** The sum over all pages; takes time for the pages changed since the last call. */
    long sum() {
        settle();
        return sum;
    }

    /** Closes the pages as they are: who holds the tree sees them for ever. */
    @Nullable
    PageTree freeze() {
        settle();
        owner = new MemoryPage.Owner();
        return tree;
    }

    /** Goes back to frozen pages; takes time for those that differ. */
    void restore(@Nullable PageTree frozen, long frozenSum) {
        PageTree.compare(tree, frozen, (was, is) -> {
            if (is != null) {
                index.put(is.number(), is);
            } else if (was != null) {
                index.remove(was.number());
            }
        });
        Arrays.fill(recent, null);
        tree = frozen;
        sum = frozenSum;
        changed.clear();
    }

    private void settle() {
        for (int i = 0; i < changed.size(); i++) {
            MemoryPage page = changed.get(i);
            sum -= page.share();
            page.settle(pageHasher, isRam);
            sum += page.share();
        }
        changed.clear();
    }
}
