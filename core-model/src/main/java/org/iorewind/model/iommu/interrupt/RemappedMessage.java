package org.iorewind.model.iommu.interrupt;

import org.iorewind.model.iommu.IommuOptions;

/**
 * What an interrupt table entry makes of a message (reference 8.7): pure, without memory, caches or registers, so that the
 * message can be predicted from an entry that was merely observed. Reused for every request; not thread-safe.
 */
public final class RemappedMessage {
    private static final long MESSAGE_BASE = 0xFEE0_0000L;
    private static final long KEPT_ADDRESS = 0xFFFF_FFFFL & ~0xF_F004L;
    private static final int KEPT_DATA = ~0x7FF;

    private int destination;
    private int vector;
    private int type;
    private int destinationMode;
    private int requestEoi;

    /** A message of zeros. */
    public RemappedMessage() {}

    /** Takes the fields of a 32-bit entry. */
    public void ofShort(long entry) {
        common(entry);
        destination = InterruptEntryDescriptor.shortDestination(entry);
        vector = InterruptEntryDescriptor.shortVector(entry);
    }

    /** Takes the fields of a 128-bit entry; {@code isWide} tells whether all 32 bits of the destination count. */
    public void ofLong(long low, long high, boolean isWide) {
        common(low);
        int all = InterruptEntryDescriptor.longDestination(low, high);
        destination = isWide ? all : all & 0xFF;
        vector = InterruptEntryDescriptor.longVector(high);
    }

    private void common(long low) {
        type = InterruptEntryDescriptor.type(low);
        destinationMode = (low & InterruptEntryDescriptor.DESTINATION_MODE) != 0 ? 1 : 0;
        requestEoi = (low & InterruptEntryDescriptor.REQUEST_EOI) != 0 ? 1 : 0;
    }

    /**
     * Address after remapping, by the specification: destination and DM replaced, RH kept. Destination bits 31:8 go to
     * bits 63:40, as system software writes them into extended messages (MC-16).
     */
    public long specifiedAddress(long requestAddress) {
        return requestAddress & KEPT_ADDRESS | destinationBits() | modeBit();
    }

    /** Data after remapping, by the specification: vector and delivery mode replaced, level and trigger kept. */
    public int specifiedData(int requestData) {
        return requestData & KEPT_DATA | type << InterruptEntryDescriptor.DELIVERY_SHIFT | vector;
    }

    /** Address of a message assembled anew: RH from RqEoi (Q-INT-1). */
    public long assembledAddress() {
        return MESSAGE_BASE
                | destinationBits()
                | modeBit()
                | (long) requestEoi << InterruptEntryDescriptor.MESSAGE_HINT_SHIFT;
    }

    /** Data of a message assembled anew: level 1, trigger 0 (Q-INT-1). */
    public int assembledData() {
        return InterruptEntryDescriptor.MESSAGE_LEVEL | type << InterruptEntryDescriptor.DELIVERY_SHIFT | vector;
    }

    private long destinationBits() {
        return (destination & 0xFFL) << InterruptEntryDescriptor.MESSAGE_DESTINATION_SHIFT
                | (destination & 0xFFFF_FF00L) << InterruptEntryDescriptor.MESSAGE_HIGH_DESTINATION_SHIFT;
    }

    private long modeBit() {
        return (long) destinationMode << InterruptEntryDescriptor.MESSAGE_MODE_SHIFT;
    }

    /**
     * Address that a device with these options delivers for an entry with RemapEn=1 and GuestMode=0.
     *
     * @param options whose interrupt rules count
     * @param irteBytes 4 or 16
     * @param low the entry, or its low half
     * @param high its high half; ignored for 4 bytes
     * @param isWide whether all 32 bits of the destination count (XTEn)
     * @param requestAddress address of the request
     */
    public static long deliveredAddress(
            IommuOptions options, int irteBytes, long low, long high, boolean isWide, long requestAddress) {
        return options.quirks().interrupts().address(decoded(irteBytes, low, high, isWide), requestAddress);
    }

    /** Data that a device delivers; see {@link #deliveredAddress}. */
    public static int deliveredData(IommuOptions options, int irteBytes, long low, long high, int requestData) {
        return options.quirks().interrupts().data(decoded(irteBytes, low, high, false), requestData);
    }

    private static RemappedMessage decoded(int irteBytes, long low, long high, boolean isWide) {
        RemappedMessage message = new RemappedMessage();
        if (irteBytes == InterruptEntryDescriptor.LONG_BYTES) {
            message.ofLong(low, high, isWide);
        } else {
            message.ofShort(low);
        }
        return message;
    }
}
