package org.iorewind.model.iommu.virtual;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.cache.IdSet;

/**
 * Which guest a DomainID or DeviceID of the host belongs to, as the map-control writes say: the last guest that an entry gave
 * it to, while any entry of that guest does. ID 0, to which cleared entries point, belongs to nobody (MC-V24). As a set it
 * holds the IDs of the guest selected. Not thread-safe; memory grows with the IDs in use, to 512 KiB at most.
 */
final class IdOwners implements IdSet, Stateful {
    /** In place of an ID: none. */
    static final int NONE = -1;

    private static final int IDS = 1 << 16;
    private static final int SIDE = 256;
    private static final int SHIFT = 8;
    private static final int NOBODY = 0;

    private final int[][] owners = new int[SIDE][];
    private final int[][] counts = new int[SIDE][];
    private int selected;

    IdOwners() {}

    /**
     * An entry of a guest's map changes.
     *
     * @param before ID that it gave to the guest, or {@link #NONE}
     * @param after ID that it gives to the guest now, or {@link #NONE}
     */
    void replace(int guest, int before, int after) {
        if (before > 0 && owner(before) == guest + 1) {
            int left = --counts[before >>> SHIFT][before & SIDE - 1];
            if (left == 0) {
                owners[before >>> SHIFT][before & SIDE - 1] = NOBODY;
            }
        }
        if (after > 0) {
            int count = owner(after) == guest + 1 ? counts[after >>> SHIFT][after & SIDE - 1] : 0;
            set(after, guest + 1, count + 1);
        }
    }

    private int owner(int id) {
        int[] block = owners[id >>> SHIFT];
        return block == null ? NOBODY : block[id & SIDE - 1];
    }

    private void set(int id, int owner, int count) {
        int block = id >>> SHIFT;
        if (owners[block] == null) {
            owners[block] = new int[SIDE];
            counts[block] = new int[SIDE];
        }
        owners[block][id & SIDE - 1] = owner;
        counts[block][id & SIDE - 1] = count;
    }

    /** This, as the set of what a guest has. */
    IdSet of(int guest) {
        selected = guest + 1;
        return this;
    }

    @Override
    public boolean contains(int id) {
        return owner(id) == selected;
    }

    /** Forgets everything. */
    void clear() {
        for (int block = 0; block < SIDE; block++) {
            owners[block] = null;
            counts[block] = null;
        }
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int id = 1; id < IDS; id++) {
            if (owner(id) != NOBODY) {
                sink.addLong(id);
                sink.addLong(owner(id));
                sink.addLong(counts[id >>> SHIFT][id & SIDE - 1]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        clear();
        for (int id = source.nextIndex(IDS); id >= 0; id = source.nextIndex(IDS)) {
            int owner = source.nextBelow(PrivateSpaceDescriptor.GUESTS + 1);
            set(id, owner, source.nextBelow(Integer.MAX_VALUE));
        }
    }
}
