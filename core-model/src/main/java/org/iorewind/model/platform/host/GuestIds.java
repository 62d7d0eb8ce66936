package org.iorewind.model.platform.host;

import java.util.BitSet;

/**
 * GuestIDs of one physical IOMMU: 1 to 65535 (amd-viommu reference 2.5). A guest gets its own number where that is free, else the
 * highest free one without bit 15, which marks secure guests; those above serve when nothing else is left (MC-V50). Not
 * thread-safe.
 */
final class GuestIds {
    /** What {@link #allocate} gives when there is none left. */
    static final int NONE = -1;

    private static final int LAST = 0xFFFF;
    private static final int LAST_PLAIN = 0x7FFF;

    private final BitSet used = new BitSet();

    /** All GuestIDs are free but 0. */
    GuestIds() {
        used.set(0);
    }

    /** Gives one, {@code wanted} if it can, or {@link #NONE}. */
    int allocate(int wanted) {
        int id = wanted > 0 && wanted <= LAST && !used.get(wanted) ? wanted : anyFree();
        if (id != NONE) {
            used.set(id);
        }
        return id;
    }

    private int anyFree() {
        int plain = used.previousClearBit(LAST_PLAIN);
        if (plain > 0) {
            return plain;
        }
        int other = used.nextClearBit(LAST_PLAIN + 1);
        return other <= LAST ? other : NONE;
    }

    /** Takes one back. */
    void free(int id) {
        used.clear(id);
    }
}
