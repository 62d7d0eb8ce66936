package org.iorewind.record.qemulog;

/**
 * Whether what was read from memory can be what the IOMMU used: memory is read a moment later, and the guest goes on
 * meanwhile.
 */
final class ReadingCheck {
    private static final int OPCODE_SHIFT = 60;
    private static final long STORE_ADDRESS = 0x000F_FFFF_FFFF_FFF8L;
    private static final int DOMAIN_SHIFT = 32;
    private static final long SIXTEEN_BITS = 0xFFFF;
    private static final int COMPLETION_WAIT = 1;
    private static final int INVALIDATE_DEVICE_ENTRY = 2;
    private static final int INVALIDATE_PAGES = 3;

    private ReadingCheck() {}

    /** Whether a command's bytes fit the line that the command printed. */
    static boolean fitsCommand(Annotation.Reading command, LogLine detail) {
        if (detail.event == null || command.words().length < 2) {
            return true;
        }
        long low = command.words()[0];
        int opcode = (int) (low >>> OPCODE_SHIFT);
        return switch (detail.event) {
            case COMPLETION_WAIT ->
                opcode == COMPLETION_WAIT
                        && (low & STORE_ADDRESS) == (detail.values[0] & STORE_ADDRESS)
                        && command.words()[1] == detail.values[1];
            case DEVTAB_INVAL -> opcode == INVALIDATE_DEVICE_ENTRY && (low & SIXTEEN_BITS) == detail.requester(0);
            case PAGES_INVAL ->
                opcode == INVALIDATE_PAGES
                        && (low >>> DOMAIN_SHIFT & SIXTEEN_BITS) == (detail.values[0] & SIXTEEN_BITS);
            default -> true;
        };
    }

    /** What an entry of a table holds: as read just now, or as known before. */
    interface Entries {
        /** Whether the quadword at this address, a multiple of 8, is known. */
        boolean isKnown(long address);

        /** Its value, if it is known. */
        long value(long address);
    }

    /**
     * Whether a device table entry and the tables below it lead to the page that the log names. Where something is not
     * known, nothing contradicts.
     *
     * @param deviceEntry first quadword of the device table entry
     * @param ioAddress as the device issued it
     * @param page start of the page of 4 KiB, or 0 if the request was refused
     */
    static boolean leadsTo(Entries entries, long deviceEntry, long ioAddress, long page) {
        if (page == 0) {
            // a refusal may be for want of a right, which the log does not tell
            return true;
        }
        if (!TableDescriptor.hasTables(deviceEntry)) {
            return page == (ioAddress & TableDescriptor.ADDRESS);
        }
        long entry = deviceEntry;
        int level = TableDescriptor.level(entry);
        while (true) {
            long address = TableDescriptor.entryAddress(entry, level, ioAddress);
            if (!entries.isKnown(address)) {
                return true;
            }
            entry = entries.value(address);
            if ((entry & TableDescriptor.PRESENT) == 0) {
                return false;
            }
            if (TableDescriptor.isLeaf(entry)) {
                return TableDescriptor.page(entry, level, ioAddress) == page;
            }
            // each step goes down, or it leads nowhere
            if (TableDescriptor.level(entry) >= level) {
                return false;
            }
            level = TableDescriptor.level(entry);
        }
    }

    /** Whether an entry of a table of level 1 leads to this page. */
    static boolean isLeafOf(long entry, long page) {
        return (entry & TableDescriptor.PRESENT) != 0
                && TableDescriptor.isLeaf(entry)
                && (entry & TableDescriptor.ADDRESS) == page;
    }

    /** An entry of a table of level 1 that leads to this page, with all rights: which it had is not known. */
    static long leafOf(long page) {
        return page & TableDescriptor.ADDRESS | TableDescriptor.PRESENT | TableDescriptor.READ_WRITE;
    }
}
