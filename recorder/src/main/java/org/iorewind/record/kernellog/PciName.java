package org.iorewind.record.kernellog;

import org.jspecify.annotations.Nullable;

/**
 * Name of a PCI function as kernels print it.
 *
 * @param segment 0 where the kernel prints none
 * @param requester bus, device and function in 16 bits
 */
record PciName(int segment, int requester) {
    private static final int BUS = 2;
    private static final int DEVICE = 2;
    private static final int SEGMENT = 4;

    /** {@code 0000:01:00.0} or {@code 01:00.0}, whole text; null if it is none. */
    static @Nullable PciName of(String text) {
        int dot = text.length() - 2;
        boolean hasSegment = text.length() == SEGMENT + 1 + BUS + 1 + DEVICE + 2;
        if (!hasSegment && text.length() != BUS + 1 + DEVICE + 2 || text.charAt(dot) != '.') {
            return null;
        }
        int at = hasSegment ? SEGMENT + 1 : 0;
        int segment = hasSegment ? hex(text, 0, SEGMENT) : 0;
        int bus = hex(text, at, BUS);
        int device = hex(text, at + BUS + 1, DEVICE);
        int function = hex(text, dot + 1, 1);
        boolean colons = text.charAt(at + BUS) == ':' && (!hasSegment || text.charAt(SEGMENT) == ':');
        if (!colons || segment < 0 || bus < 0 || device < 0 || device > 31 || function < 0 || function > 7) {
            return null;
        }
        return new PciName(segment, bus << 8 | device << 3 | function);
    }

    private static int hex(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
