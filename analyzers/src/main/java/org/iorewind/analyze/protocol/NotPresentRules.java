package org.iorewind.analyze.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/**
 * Where an IOMMU may keep that nothing is mapped (NpCache, reference 1.1), a mapping has to be invalidated before its first use
 * (reference 9.2, 11.4). Bounded: mappings beyond the limit are not judged. Not thread-safe.
 */
final class NotPresentRules implements ShadowListener {
    private static final int MOST_PAGES = 1 << 16;
    private static final int MOST_SPACES = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int FEW_PAGES = 64;
    private static final long ABSENT = -1;
    private static final int LEVEL_BITS = 9;
    private static final int SHIFT_BITS = 6;
    private static final int SHIFT_MASK = (1 << SHIFT_BITS) - 1;

    private final Moment now;
    private final Findings findings;
    private final Machine machine;
    private final Map<AddressSpace, Long2LongHashMap> untold = new LinkedHashMap<>();
    private @Nullable AddressSpace lastSpace;
    private @Nullable Long2LongHashMap lastPages;

    NotPresentRules(Moment now, Findings findings, Machine machine) {
        this.now = now;
        this.findings = findings;
        this.machine = machine;
    }

    @Override
    public void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {
        boolean isMapped = isCertain && !Entries.isPresent(before) && Entries.isPresent(after) && space.isLive();
        @Nullable Long2LongHashMap pages = pagesOf(space);
        if (isMapped && machine.iommu(space.iommu()).options().isNotPresentCached()) {
            if (pages == null && untold.size() < MOST_SPACES) {
                pages = new Long2LongHashMap(ABSENT);
                untold.put(space, pages);
                lastPages = pages;
            }
            if (pages != null && pages.size() < MOST_PAGES) {
                pages.put(address, now.sequence() << SHIFT_BITS | shift);
            }
        } else if (pages != null) {
            pages.remove(address);
        }
    }

    /** Changes and uses come in rows, of one tree after the other. */
    private @Nullable Long2LongHashMap pagesOf(AddressSpace space) {
        if (space != lastSpace) {
            lastSpace = space;
            lastPages = untold.get(space);
        }
        return lastPages;
    }

    /** INVALIDATE_IOMMU_PAGES. */
    void invalidated(Invalidation what) {
        for (Map.Entry<AddressSpace, Long2LongHashMap> each : untold.entrySet()) {
            AddressSpace space = each.getKey();
            Long2LongHashMap pages = each.getValue();
            if (pages.isEmpty()
                    || space.iommu() != now.iommu()
                    || !space.hasDomain(what.domain())
                    || !what.isOfKind(space)) {
                continue;
            }
            if (what.isWhole()) {
                pages.clear();
            } else if (what.pages() <= Math.max(FEW_PAGES, pages.size())) {
                // Counted: the range may end where addresses do.
                for (long i = 0; i < what.pages(); i++) {
                    pages.remove(what.first() + (i << PAGE_SHIFT));
                }
            } else {
                pages.keySet()
                        .removeIfLong(page -> Long.compareUnsigned(page, what.first()) >= 0
                                && Long.compareUnsigned(page, what.last()) <= 0);
            }
        }
    }

    /** Every cache was invalidated, or nobody knows what was. */
    void forgetAll() {
        untold.values().forEach(Long2LongHashMap::clear);
    }

    /** A device used a page. */
    void used(AddressSpace space, int device, long address, int pageShift) {
        @Nullable Long2LongHashMap pages = pagesOf(space);
        if (pages == null || pages.isEmpty()) {
            return;
        }
        long first = address & -1L << Math.max(PAGE_SHIFT, pageShift);
        long mapped = pages.remove(first);
        if (mapped != ABSENT) {
            report(space, device, first, mapped >>> SHIFT_BITS, "used by a device");
        }
    }

    /** A device was refused: if the tables map the page, the IOMMU has kept that nothing is there. */
    void refused(AddressSpace space, int device, long address) {
        @Nullable Long2LongHashMap pages = pagesOf(space);
        if (pages == null || pages.isEmpty()) {
            return;
        }
        for (int shift = PAGE_SHIFT; shift < Long.SIZE; shift += LEVEL_BITS) {
            long first = address & -1L << shift;
            long mapped = pages.get(first);
            if (mapped != ABSENT && (mapped & SHIFT_MASK) == shift) {
                pages.remove(first);
                report(space, device, first, mapped >>> SHIFT_BITS, "refused to a device");
                return;
            }
        }
    }

    private void report(AddressSpace space, int device, long first, long since, String how) {
        findings.report(
                ProtocolRules.MAP_NOT_INVALIDATED,
                new Where(space.iommu(), device, space.domain()),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        "The page at " + Notation.hex(first) + " was " + how
                                + " before its mapping was invalidated; the IOMMU may have kept that nothing is there.",
                        List.of(
                                new Evidence(since, "mapped " + Notation.hex(first)),
                                new Evidence(now.sequence(), how))));
    }
}
