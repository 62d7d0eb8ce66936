package org.iorewind.record.kernellog;

import org.iorewind.record.text.PciName;
import org.jspecify.annotations.Nullable;

/**
 * Reads how Xen reports an entry of the event log: {@code AMD-Vi: IO_PAGE_FAULT: 0000:00:14.0 d0 addr 000000fdf8010140 flags
 * 0x8 I}. The flags are those of the entry (reference 11.3). Stateless.
 */
final class XenEventText {
    private static final int WORDS = 6;

    private XenEventText() {}

    /**
     * Reads the words behind {@code AMD-Vi: }.
     *
     * @return null if they are something else
     */
    static @Nullable LoggedEvent parse(String words) {
        int colon = words.indexOf(": ");
        EventName name = colon < 0 ? null : EventName.at(words.substring(0, colon));
        if (name == null) {
            return null;
        }
        String[] parts = words.substring(colon + 2).strip().split(" ");
        boolean fits = parts.length >= WORDS && "addr".equals(parts[2]) && "flags".equals(parts[4]);
        PciName device = fits ? PciName.of(parts[0]) : null;
        if (device == null) {
            return null;
        }
        String fields = name + " address=0x" + parts[3] + " flags=" + parts[5] + "]";
        return EventText.parse(name, fields, device);
    }
}
