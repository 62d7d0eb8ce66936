package org.iorewind.analyze.explain;

import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.replay.RingEntryNames;

/** Names of the event log's codes as Linux prints them, where they are not those of reference 4.2. */
final class EventKindNames {
    private static final int HIGHEST = 0xF;

    private EventKindNames() {}

    /** Name of a code, 0 to 15. */
    static String of(int code) {
        return switch (code) {
            case 0, HIGHEST -> "UNKNOWN_" + code;
            case EventDescriptor.RMP_HARDWARE_ERROR -> "RMP_HW_ERROR";
            default -> RingEntryNames.event((long) code << EventDescriptor.CODE_SHIFT, -1L);
        };
    }
}
