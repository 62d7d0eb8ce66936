package org.iorewind.model.platform.vmm;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.DeviceEntryImage;

/**
 * Looks for the pages of a guest's v1 tables as a VMM does, by software (amd-viommu reference 9.4). What the guest wrote there
 * cannot make it work without end: it reads at most {@link #MOST_READS} entries, and finds at most so many pages as it was told.
 * Not thread-safe.
 */
final class GuestTableScan {
    /** Entries that one scan reads at most (MC-V57). */
    static final int MOST_READS = 1 << 20;

    private static final int TOP_LEVEL_ENTRIES = 128;
    private static final int ENTRIES = 512;

    private final VirtualMachine machine;
    private final List<ShadowPage> found = new ArrayList<>();
    private int most;
    private int reads;
    private boolean isCut;

    /** Scans tables in the memory of a machine. */
    GuestTableScan(VirtualMachine machine) {
        this.machine = machine;
    }

    /**
     * Finds the pages that have an address of a span, by rising address.
     *
     * @param entry device table entry of the guest with Mode 1 to 6
     * @param mostPages to find
     */
    List<ShadowPage> scan(DeviceEntryImage entry, AddressSpan span, int mostPages) {
        found.clear();
        reads = 0;
        isCut = false;
        most = mostPages;
        long root = entry.quadword0() & DeviceEntryDescriptor.ROOT_MASK;
        int mode = (int) (entry.quadword0() >>> DeviceEntryDescriptor.MODE_SHIFT) & DeviceEntryDescriptor.MODE_MASK;
        int rights = (int) (entry.quadword0() >>> DeviceEntryDescriptor.RIGHTS_SHIFT) & AccessKind.RIGHTS_ALL;
        scanTable(root, mode, 0, rights, span);
        return found;
    }

    /** Entries read by the last scan. */
    int reads() {
        return reads;
    }

    /** Whether the last scan stopped before its end. */
    boolean isCut() {
        return isCut;
    }

    private void scanTable(long table, int level, long base, int rights, AddressSpan span) {
        int shift = PageEntryDescriptor.defaultShift(level);
        int entries = level == PageEntryDescriptor.TOP_LEVEL ? TOP_LEVEL_ENTRIES : ENTRIES;
        long index = larger(base, span.first()) - base >>> shift;
        for (; index < entries && !isCut; index++) {
            long start = base + (index << shift);
            if (Long.compareUnsigned(start, span.last()) > 0) {
                return;
            }
            if (reads == MOST_READS) {
                isCut = true;
                return;
            }
            reads++;
            long entry = machine.load(table + index * Long.BYTES);
            if ((entry & PageEntryDescriptor.PRESENT) != 0) {
                follow(entry, level, start, rights & PageEntryDescriptor.rights(entry), span);
            }
        }
    }

    private void follow(long entry, int level, long start, int rights, AddressSpan span) {
        int next = PageEntryDescriptor.nextLevel(entry);
        if (PageEntryDescriptor.isPage(entry)) {
            addPage(entry, level, start, rights);
        } else if (next < level) {
            // Where levels are skipped, the address bits that they had are 0.
            long reach = start + (1L << PageEntryDescriptor.defaultShift(next + 1)) - 1;
            if (Long.compareUnsigned(span.first(), reach) <= 0) {
                scanTable(entry & PageEntryDescriptor.ADDRESS_MASK, next, start, rights, span);
            }
        }
    }

    private void addPage(long entry, int level, long start, int rights) {
        int shift = PageEntryDescriptor.nextLevel(entry) == 0
                ? PageEntryDescriptor.defaultShift(level)
                : PageEntryDescriptor.sizedShift(entry);
        boolean isOfLevel = shift >= PageEntryDescriptor.defaultShift(level)
                && shift < PageEntryDescriptor.defaultShift(level + 1)
                && level < PageEntryDescriptor.TOP_LEVEL;
        long iova = start & -1L << shift;
        boolean isNew = found.isEmpty() || found.get(found.size() - 1).iova() != iova;
        if (!isOfLevel || !isNew || rights == 0) {
            return;
        }
        if (found.size() == most) {
            isCut = true;
            return;
        }
        found.add(new ShadowPage(iova, 1L << shift, PageEntryDescriptor.pageBase(entry, shift), rights));
    }

    private static long larger(long one, long other) {
        return Long.compareUnsigned(one, other) > 0 ? one : other;
    }
}
