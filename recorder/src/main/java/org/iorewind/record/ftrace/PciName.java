package org.iorewind.record.ftrace;

import org.iorewind.record.text.Digits;

/** A device as Linux names it: {@code SSSS:BB:DD.F} is a PCI function, anything else is not. */
final class PciName {
    /** A device that is no PCI function. */
    static final int NONE = -1;

    private static final int LAST_DEVICE = 0x1f;
    private static final int LAST_FUNCTION = 7;

    private PciName() {}

    /** The 16-bit requester id, or {@link #NONE}; the segment is not in it. */
    static int requester(String name) {
        int dot = name.length() - 2;
        int slot = dot - 3;
        int bus = slot - 3;
        if (bus < 4 || name.charAt(dot) != '.' || name.charAt(slot) != ':' || name.charAt(bus) != ':') {
            return NONE;
        }
        try {
            Digits.hex(name, 0, bus);
            long busNumber = Digits.hex(name, bus + 1, slot);
            long device = Digits.hex(name, slot + 1, dot);
            long function = Digits.hex(name, dot + 1, name.length());
            if (device > LAST_DEVICE || function > LAST_FUNCTION) {
                return NONE;
            }
            return (int) (busNumber << 8 | device << 3 | function);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }
}
