package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.replay.Words;
import org.iorewind.trace.schema.EventTable;

/** Device table entries and event log entries in words. Layouts: reference 2.2 and 4.1. */
final class EntryWords {
    private static final String[] FLAGS = {
        "GN: the address is a guest virtual one",
        "NX: execution was requested",
        "US: a user-privilege request",
        "I: an interrupt request",
        "PR: a translation was present",
        "RW: a write",
        "PE: permission violated",
        "RZ: a reserved bit was set",
        "TR: a translation request"
    };

    private EntryWords() {}

    /** The device table entry that a probe read; empty if it read none. */
    static String deviceEntry(Probe probe) {
        if (probe.deviceEntry().length != 4) {
            return "";
        }
        DeviceEntry entry = new DeviceEntry();
        long[] words = probe.deviceEntry();
        entry.set(0, words[0], words[1], words[2], words[3]);
        String host = DeviceEntryDescriptor.describe(words[0], words[1]);
        String guest = entry.isGuestValid()
                ? " GV=1 GIoV=" + (entry.isGuestIoValid() ? 1 : 0) + " GCR3 root " + Words.hex(entry.gcr3Root())
                : "";
        return host + guest + (entry.isVirtual() ? " GuestID " + entry.guest() : "");
    }

    /** Name of an event code, 0 to 15. */
    static String eventName(int code) {
        return RingEntryNames.event((long) code << EventDescriptor.CODE_SHIFT, -1L);
    }

    /**
     * An event log entry.
     *
     * @param q0 first quadword
     * @param q1 second one
     * @param byQemu whether QEMU filled it in: its flags do not mean what the specification says
     */
    static List<String> eventEntry(long q0, long q1, boolean byQemu) {
        List<String> lines = new ArrayList<>();
        int flags = (int) (q0 >>> 48) & 0xFFF;
        lines.add("entry in the event log: " + eventName((int) (q0 >>> 60)) + " device "
                + EventTable.bdf((int) q0 & 0xFFFF) + " domain " + Words.hex(q0 >>> 32 & 0xFFFF) + " address "
                + Words.hex(q1) + " flags " + Words.hex(flags));
        if (byQemu) {
            lines.add("QEMU fills that entry in its own way: address and domain are always 0, and the flags only tell"
                    + " a read (0x9) from a write (0xa)");
            return lines;
        }
        for (int bit = 0; bit < FLAGS.length; bit++) {
            if ((flags >>> bit & 1) != 0) {
                lines.add(FLAGS[bit]);
            }
        }
        return lines;
    }
}
