package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.iorewind.model.iommu.command.CommandDescriptor;

/** Commands, doorbells and waits of all rings. Not thread-safe. */
final class CommandTraffic {
    private static final String[] NAMES = {
        "reserved",
        "COMPLETION_WAIT",
        "INVALIDATE_DEVTAB_ENTRY",
        "INVALIDATE_IOMMU_PAGES",
        "INVALIDATE_IOTLB_PAGES",
        "INVALIDATE_INTERRUPT_TABLE",
        "PREFETCH_IOMMU_PAGES",
        "COMPLETE_PPR_REQUEST",
        "INVALIDATE_IOMMU_ALL",
        "INSERT_GUEST_EVENT",
        "RESET_VMMIO",
    };
    private static final int DIGITS = 2;
    private static final int MOST_COMMANDS = 1 << 15;
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int FIRST_NEGATIVE = 8;

    private final long[] perOpcode = new long[16];
    private final Histogram occupancy = new Histogram(MOST_COMMANDS, DIGITS);
    private final Histogram waitNs = new Histogram(LONGEST_NS, DIGITS);
    private long doorbells;
    private long doorbellNs;
    private long commands;
    private long fullest = -1;
    private long fullestAt = -1;
    private long longest = -1;
    private long longestAt = -1;

    void doorbell(long timeNs, long waiting, long sequence) {
        doorbells++;
        doorbellNs = timeNs;
        long held = Math.max(0, Math.min(waiting, MOST_COMMANDS));
        occupancy.recordValue(held);
        if (held > fullest) {
            fullest = held;
            fullestAt = sequence;
        }
    }

    void taken(long quadword0) {
        commands++;
        perOpcode[CommandDescriptor.opcode(quadword0)]++;
    }

    /** The recorded system stored what a COMPLETION_WAIT asked for. */
    void stored(long timeNs, long sequence) {
        long ns = Math.max(0, Math.min(timeNs - doorbellNs, LONGEST_NS));
        waitNs.recordValue(ns);
        if (ns > longest) {
            longest = ns;
            longestAt = sequence;
        }
    }

    long taken(int opcode) {
        return perOpcode[opcode];
    }

    List<Performance.Command> byOpcode() {
        List<Performance.Command> all = new ArrayList<>();
        for (int opcode = 0; opcode < perOpcode.length; opcode++) {
            if (perOpcode[opcode] > 0) {
                String name = opcode < NAMES.length ? NAMES[opcode] : NAMES[0];
                all.add(new Performance.Command(name, perOpcode[opcode], filter(opcode)));
            }
        }
        return all;
    }

    /** Filters know signed numbers only. */
    static String filter(int opcode) {
        if (opcode >= FIRST_NEGATIVE) {
            return "kind == 'CommandConsumed' && qword0 < 0";
        }
        String digit = Integer.toHexString(opcode);
        return "kind == 'CommandConsumed' && qword0 >= 0x" + digit + "000000000000000 && qword0 <= 0x" + digit
                + "fffffffffffffff";
    }

    Performance.Ring ring() {
        return new Performance.Ring(
                doorbells,
                commands,
                perOpcode[CommandDescriptor.COMPLETION_WAIT],
                Distribution.of(occupancy, fullestAt),
                Distribution.of(waitNs, longestAt),
                "kind == 'MmioWrite' && registerOffset == 0x2008");
    }
}
