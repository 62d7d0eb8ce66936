package org.iorewind.record.qemulog;

import java.util.List;
import org.iorewind.trace.sbe.MemoryRegion;

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

    /**
     * Whether a device table entry and the chain of table entries below it lead to the page that the log names.
     *
     * @param readings the device table entry, then one entry of each table on the way
     * @param ioAddress as the device issued it
     * @param page start of the page of 4 KiB, or 0 if the request was refused
     */
    static boolean leadsTo(List<Annotation.Reading> readings, long ioAddress, long page) {
        Annotation.Reading first = readings.get(0);
        if (page == 0 || first.region() != MemoryRegion.DEVICE_TABLE) {
            // a refusal may be for want of a right, which the log does not tell
            return true;
        }
        if (!TableDescriptor.hasTables(first.words()[0])) {
            return page == (ioAddress & TableDescriptor.ADDRESS);
        }
        Annotation.Reading last = readings.get(readings.size() - 1);
        long leaf = last.words()[0];
        int level = levelOf(last.region());
        return level > 0
                && (leaf & TableDescriptor.PRESENT) != 0
                && TableDescriptor.isLeaf(leaf)
                && TableDescriptor.page(leaf, level, ioAddress) == page;
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

    /** Level of the table, or 0 for anything else. */
    private static int levelOf(MemoryRegion region) {
        return switch (region) {
            case TABLE_LEVEL_1 -> 1;
            case TABLE_LEVEL_2 -> 2;
            case TABLE_LEVEL_3 -> 3;
            case TABLE_LEVEL_4 -> 4;
            case TABLE_LEVEL_5 -> 5;
            case TABLE_LEVEL_6 -> 6;
            default -> 0;
        };
    }
}
