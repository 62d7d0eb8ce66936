package org.iorewind.model.qemu;

import java.util.Locale;

/**
 * One thing that was seen while a step ran.
 *
 * @param kind what was seen
 * @param a first value, by kind
 * @param b second value
 * @param c third value
 */
record Witness(Kind kind, long a, long b, long c) {
    /** Stands for a value that the model does not predict. */
    static final long ANY = 0x5EED_0000_0000_A111L;

    /** What can be seen. */
    enum Kind {
        /** a offset, b size, c value. */
        REGISTER("register %x, %d bytes: %x"),
        /** a head, b tail, c base. */
        COMMAND("command at head %x of tail %x, ring %x"),
        /** a address, b page, c whether the IOTLB answered. */
        TRANSLATION("address %x leads to %x, hit %d"),
        /** a message address and b data as asked, c whether it was let through. */
        INTERRUPT_ASKED("message %x data %x, let through %d"),
        /** a message address and b data as delivered. */
        INTERRUPT_SENT("message sent: %x data %x"),
        /** The IOMMU sent an interrupt of its own, once or more. */
        OWN_INTERRUPT("own interrupt"),
        /** a address, b content. */
        MEMORY("memory %x holds %x");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Whether the other machine saw the same, as far as this one predicts it. */
    boolean agreesWith(Witness seen) {
        return kind == seen.kind && agrees(a, seen.a) && agrees(b, seen.b) && agrees(c, seen.c);
    }

    private static boolean agrees(long predicted, long seen) {
        return predicted == ANY || predicted == seen;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, kind.text, a, b, c).replace(Long.toHexString(ANY), "(any)");
    }
}
