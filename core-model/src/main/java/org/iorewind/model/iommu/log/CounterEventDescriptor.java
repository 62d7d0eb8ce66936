package org.iorewind.model.iommu.log;

/**
 * Second half of EVENT_COUNTER_ZERO (reference 4.3): the halves of the note are exchanged.
 *
 * <pre>
 *   63                             32 31      20 19                      0
 *  ┌─────────────────────────────────┬──────────┬────────────────────────┐
 *  │        CounterNote[31:0]        │ reserved │   CounterNote[51:32]   │
 *  └─────────────────────────────────┴──────────┴────────────────────────┘
 * </pre>
 */
public final class CounterEventDescriptor {
    private static final long NOTE_HIGH_MASK = 0xF_FFFF;

    private CounterEventDescriptor() {}

    /** Assembles q1 from a note of 52 bits. */
    public static long quadword1(long note) {
        return note << Integer.SIZE | note >>> Integer.SIZE & NOTE_HIGH_MASK;
    }
}
