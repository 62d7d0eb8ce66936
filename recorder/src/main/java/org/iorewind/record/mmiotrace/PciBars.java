package org.iorewind.record.mmiotrace;

import java.util.Map;
import java.util.TreeMap;
import org.iorewind.record.text.Digits;

/** Which device's registers lie where, by the {@code PCIDEV} lines: for counting accesses to other devices than the IOMMU. */
final class PciBars {
    private static final String ELSEWHERE = "access to an unknown device";
    private static final int FIRST_BAR = 4;
    private static final int BARS = 7;
    /** Memory BARs have bit 0 clear; the low four bits are no address. */
    private static final long BAR_KIND = 0xF;

    private static final int MOST_BARS = 65_536;

    /** Of a range: its end and its device. */
    private record Bar(long end, String label) {}

    private final TreeMap<Long, Bar> byStart = new TreeMap<>();

    /** Takes a line; false if it cannot be understood. */
    boolean line(String text) {
        String[] words = text.split(" ", -1);
        if (words.length < FIRST_BAR + 2 * BARS) {
            return false;
        }
        try {
            long bdf = Digits.hex(words[1]);
            for (int i = 0; i < BARS; i++) {
                long bar = Digits.hex(words[FIRST_BAR + i]);
                long size = Digits.hex(words[FIRST_BAR + BARS + i]);
                long start = bar & ~BAR_KIND;
                boolean memory = start > 0 && (bar & 1) == 0 && size > 0 && start + size > start;
                if (memory && byStart.size() < MOST_BARS) {
                    byStart.put(start, new Bar(start + size, "access to " + name(bdf)));
                }
            }
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String name(long bdf) {
        String hex = Long.toHexString(0x1_0000 | bdf & 0xFFFF).substring(1);
        return hex.substring(0, 2) + ":"
                + Long.toHexString(0x100 | bdf >> 3 & 0x1f).substring(1) + "." + (bdf & 7);
    }

    /** A label for an access. */
    String label(long address) {
        Map.Entry<Long, Bar> below = byStart.floorEntry(address);
        return below != null && address < below.getValue().end ? below.getValue().label : ELSEWHERE;
    }
}
