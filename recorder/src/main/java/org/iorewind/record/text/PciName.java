package org.iorewind.record.text;

import org.jspecify.annotations.Nullable;

/**
 * Name of a PCI function as kernels print it.
 *
 * @param segment 0 where the kernel prints none
 * @param requester bus, device and function in 16 bits
 */
public record PciName(int segment, int requester) {
    private static final int BUS_DEVICE_FUNCTION = "bb:dd.f".length();
    private static final int SHORTEST_SEGMENT = 4;
    /** Linux numbers the segments behind Intel's VMD from 10000h on. */
    private static final int LONGEST_SEGMENT = 7;

    private static final int LAST_DEVICE = 0x1F;
    private static final int LAST_FUNCTION = 7;

    /** {@code 0000:01:00.0} or {@code 01:00.0}, whole text; null if it is none. */
    public static @Nullable PciName of(String text) {
        int at = text.length() - BUS_DEVICE_FUNCTION;
        int segmentDigits = at == 0 ? 0 : at - 1;
        boolean hasLength = at == 0 || segmentDigits >= SHORTEST_SEGMENT && segmentDigits <= LONGEST_SEGMENT;
        if (!hasLength
                || text.charAt(at + 2) != ':'
                || text.charAt(at + 5) != '.'
                || at > 0 && text.charAt(at - 1) != ':') {
            return null;
        }
        int segment = hex(text, 0, segmentDigits);
        int bus = hex(text, at, 2);
        int device = hex(text, at + 3, 2);
        int function = hex(text, at + 6, 1);
        if (segment < 0 || bus < 0 || device < 0 || device > LAST_DEVICE || function < 0 || function > LAST_FUNCTION) {
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
