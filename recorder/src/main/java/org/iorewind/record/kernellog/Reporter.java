package org.iorewind.record.kernellog;

import org.iorewind.record.text.PciName;
import org.jspecify.annotations.Nullable;

/**
 * Who a line of the kernel is about: {@code nvme 0000:01:00.0: ...}, {@code iommu ivhd0: ...}.
 *
 * @param words what stands before the message, without its colon; empty if nothing does
 * @param device the PCI function, or null if it is none
 */
record Reporter(String words, @Nullable PciName device) {
    /** Nobody in particular. */
    static final Reporter NONE = new Reporter("", null);

    private static final int LONGEST = 80;

    /** The reporter at the beginning of a line, or {@link #NONE}. */
    static Reporter of(String text) {
        int blank = text.indexOf(' ');
        int colon = text.indexOf(": ");
        if (blank <= 0 || colon <= blank || colon > LONGEST) {
            return NONE;
        }
        // a network driver says "e1000e 0000:00:05.0 eth0: ..."
        int next = text.indexOf(' ', blank + 1);
        String name = text.substring(blank + 1, Math.min(next, colon));
        PciName device = PciName.of(name);
        return device != null || text.startsWith("iommu ivhd") ? new Reporter(text.substring(0, colon), device) : NONE;
    }

    /** Whether it names something. */
    boolean isNamed() {
        return !words.isEmpty();
    }

    /** A text that this reporter begins, without it. */
    String after(String text) {
        return isNamed() ? text.substring(words.length() + 1).strip() : text;
    }
}
