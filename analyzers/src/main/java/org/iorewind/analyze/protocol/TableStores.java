package org.iorewind.analyze.protocol;

import java.util.Arrays;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.jspecify.annotations.Nullable;

/** Tells the shadow what a write to memory changed, quadword by quadword. Not thread-safe. */
final class TableStores {
    private static final int PAGE = 4096;
    private static final int MOST_QUADWORDS = (1 << 16) / Long.BYTES + 2;

    private final Shadow shadow;
    private final @Nullable IommuRules[] iommus;
    private final long[] before = new long[MOST_QUADWORDS];
    private final boolean[] wasKnown = new boolean[MOST_QUADWORDS];
    private long first;
    private int count;
    private int used;

    TableStores(Shadow shadow, @Nullable IommuRules[] iommus) {
        this.shadow = shadow;
        this.iommus = iommus;
    }

    /** There is an IOMMU with this number. */
    void hasIommu(int number) {
        used = Math.max(used, number + 1);
    }

    /** IOMMUs have numbers below this. */
    int used() {
        return used;
    }

    /** Memory is about to change. */
    void before(long address, int length) {
        count = 0;
        if (length <= 0 || !isInteresting(address, length)) {
            return;
        }
        SparseMemory memory = shadow.memory();
        first = address & -Long.BYTES;
        count = Math.min(MOST_QUADWORDS, (int) ((address + length - first + Long.BYTES - 1) / Long.BYTES));
        for (int i = 0; i < count; i++) {
            long at = first + (long) i * Long.BYTES;
            before[i] = memory.peek(at);
            wasKnown[i] = memory.isRecorded(at);
        }
    }

    private boolean isInteresting(long address, int length) {
        for (long page = address & -PAGE; page < address + length; page += PAGE) {
            if (shadow.page(page) != null || tableAt(page | address & PAGE - 1) >= 0 || tableAt(page) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Number of an IOMMU whose device table is at an address, -1 if there is none. */
    private int tableAt(long address) {
        for (int i = 0; i < used; i++) {
            @Nullable IommuRules iommu = iommus[i];
            if (iommu != null && iommu.devices().deviceAt(address) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Memory has changed.
     *
     * @param isStore whether a processor stored it just now
     */
    void after(boolean isStore) {
        for (int i = 0; i < count; i++) {
            long at = first + (long) i * Long.BYTES;
            long value = shadow.memory().peek(at);
            if (wasKnown[i] && value == before[i]) {
                continue;
            }
            TablePage page = shadow.page(at);
            if (page != null) {
                shadow.changed(page, at, wasKnown[i] ? before[i] : 0, value, isStore && wasKnown[i]);
            }
            int iommu = page == null ? tableAt(at) : -1;
            if (iommu >= 0) {
                i = deviceEntry(iommu, at, isStore) - 1;
            }
        }
        count = 0;
    }

    /** Handles the whole entry that a quadword is part of, and gives the index of what comes behind it. */
    private int deviceEntry(int iommu, long at, boolean isStore) {
        @Nullable IommuRules rules = iommus[iommu];
        if (rules == null) {
            return count;
        }
        int device = rules.devices().deviceAt(at);
        long entry = rules.devices().entryAddress(device);
        long[] after = rules.devices().read(entry);
        long[] old = after.clone();
        boolean isCertain = isStore;
        for (int q = 0; q < DeviceEntryDescriptor.QUADWORDS; q++) {
            long index = (entry - first) / Long.BYTES + q;
            if (index >= 0 && index < count) {
                old[q] = before[(int) index];
                isCertain &= wasKnown[(int) index];
            }
        }
        if (!Arrays.equals(old, after)) {
            for (ShadowListener listener : shadow.listeners()) {
                listener.deviceEntryChanged(iommu, device, old, after, isCertain);
            }
            rules.devices().attach(device, after);
        }
        return (int) ((entry - first) / Long.BYTES) + DeviceEntryDescriptor.QUADWORDS;
    }
}
