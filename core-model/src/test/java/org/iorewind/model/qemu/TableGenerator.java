package org.iorewind.model.qemu;

import java.util.List;

/** Makes device table entries, page tables and interrupt tables, most of them sound. Not thread-safe. */
final class TableGenerator {
    static final long[] DOMAINS = {5, 5, 5, 6, 0, 0x100, 0x1234, 0xFFFF};
    /** Interrupt numbers in use. */
    static final int INTERRUPTS = 8;

    private static final long READ_WRITE = 3L << 61;
    private static final long[] RIGHTS = {READ_WRITE, READ_WRITE, READ_WRITE, READ_WRITE, 1L << 61, 1L << 62, 0};
    private static final int[] MODES = {3, 3, 3, 3, 3, 4, 4, 2, 1, 5, 6, 0, 7};
    private static final int TOP_LEVEL = 6;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    private final SplitMix64 random;
    private final List<Step> steps;
    private int mode = 3;
    private long lastMapped = Layout.DATA;

    TableGenerator(SplitMix64 random, List<Step> steps) {
        this.random = random;
        this.steps = steps;
    }

    private static long table(int level) {
        return Layout.TABLES + level * 0x1000L;
    }

    private static long entryAddress(int level, long iova) {
        return table(level) + (iova >>> 12 + 9 * (level - 1) & 0x1FF) * Long.BYTES;
    }

    private void store(String what, long address, long value) {
        steps.add(new Step.Store(what, address, value));
    }

    /** One of few addresses of pages, so that steps meet; below 2 MiB there is none, where nothing may pass through. */
    long address() {
        long page = (1L + random.below(2)) << 21 | (long) random.below(4) << 12;
        if (random.oneIn(4)) {
            page |= random.anyOf(1, 4) << 30;
        }
        if (random.oneIn(16)) {
            page |= random.anyOf(1L << 39, 1L << 47, 1L << 48, 1L << 57, 1L << 63);
        }
        return page;
    }

    /** The address that was mapped last, for every second caller. */
    long likelyAddress() {
        return random.oneIn(2) ? lastMapped : address();
    }

    /** A random but mostly sound entry for the device. */
    void deviceEntry() {
        mode = MODES[random.below(MODES.length)];
        int root = mode == 0 || mode > TOP_LEVEL ? 3 : mode;
        long rights = RIGHTS[random.below(RIGHTS.length)];
        long valid = random.oneIn(8) ? random.below(4) : 3;
        long low = table(root) | (long) mode << 9 | rights | valid;
        long second = DOMAINS[random.below(DOMAINS.length)];
        long third = random.oneIn(8) ? 0 : Layout.INTERRUPT_TABLE | 1 | (long) random.below(12) << 1;
        third |= (random.oneIn(3) ? random.below(4) : 2L) << 60 | (random.oneIn(3) ? (long) random.below(8) << 56 : 0);
        long fourth = 0;
        switch (random.below(26)) {
            case 0 -> low |= 1L << 2 + random.below(7);
            case 1 -> low |= 1L << 52 + random.below(12);
            case 2 -> second |= 1L << 16 + random.below(48);
            case 3 -> third |= 1L << random.below(64);
            case 4 -> fourth |= 1L << random.below(64);
            case 5 -> low = low & ~ADDRESS | Layout.HOLE;
            case 6 -> low |= 3L << 54 | (long) random.below(4) << 56;
            default -> {
                // sound
            }
        }
        long at = Layout.DEVICE_TABLE + 32L * Layout.DEVICE;
        store("device table entry, mode " + mode, at, low);
        store("its second quadword", at + 8, second);
        store("its third quadword", at + 16, third);
        store("its fourth quadword", at + 24, fourth);
    }

    /** Leads from the device's root to a page for an address. */
    void mapping() {
        long iova = address();
        lastMapped = iova;
        int level = mode == 0 || mode > TOP_LEVEL ? 3 : mode;
        int leaf = random.oneIn(4) ? 1 + random.below(Math.min(level, 4)) : 1;
        while (level > leaf) {
            int next = level - 1;
            if (next > leaf && random.oneIn(6)) {
                next--;
            }
            long rights = random.oneIn(10) ? RIGHTS[random.below(RIGHTS.length)] : READ_WRITE;
            String what = "level-" + level + " entry of " + Long.toHexString(iova);
            store(what, entryAddress(level, iova), table(next) | (long) next << 9 | rights | 1);
            level = next;
        }
        store("page of " + Long.toHexString(iova), entryAddress(leaf, iova), page(leaf, iova));
    }

    private long page(int level, long iova) {
        long rights = RIGHTS[random.below(RIGHTS.length)];
        long present = random.oneIn(10) ? 0 : 1;
        long noise = random.oneIn(10) ? 1L << random.anyOf(1, 5, 6, 7, 52, 58, 59, 60, 63) : 0;
        long base = Layout.DATA + 0x1000L * random.below((Layout.RAM_BYTES - Layout.DATA) >> 12);
        if (random.oneIn(16)) {
            base = Layout.HOLE;
        }
        if (random.oneIn(4)) {
            // a size in the address: ones up to the bit below the size's
            int shift = 13 + (level - 1) * 9 + random.below(random.oneIn(4) ? 12 : 4);
            base = base & -1L << shift | (1L << shift - 1) - 0x1000;
            return base & ADDRESS | 7 << 9 | rights | present | noise;
        }
        return base | rights | present | noise;
    }

    /** Something wrong in an entry that an address may use. */
    void flaw() {
        long iova = address();
        int level = 1 + random.below(Math.min(mode == 0 || mode > TOP_LEVEL ? 3 : mode, 4));
        int next = random.below(8);
        long value = switch (random.below(6)) {
            case 0 -> 0;
            case 1 -> table(Math.min(next, TOP_LEVEL)) | (long) next << 9 | READ_WRITE | 1;
            case 2 -> Layout.HOLE | (long) next << 9 | READ_WRITE | 1;
            case 3 -> table(Math.max(level - 1, 1)) | (long) (level - 1) << 9 | READ_WRITE;
            case 4 -> ADDRESS | 7 << 9 | READ_WRITE | 1;
            default -> Layout.DATA | (long) random.below(8) << 9 | random.next() & 0xFFF0_0000_0000_01FFL;
        };
        store("flaw at level " + level + " of " + Long.toHexString(iova), entryAddress(level, iova), value);
    }

    /** Two entries, one in each form, for one interrupt number. */
    void interruptEntries() {
        int index = random.below(INTERRUPTS);
        long enabled = random.oneIn(6) ? 0 : 1;
        long flags = random.oneIn(3) ? random.next() & 0xFE : 0;
        long destination = random.below(256) << 8;
        long vector = 0x20 + random.below(0xD0);
        long noise = random.oneIn(4) ? random.next() & 0xFF00_0000L : 0;
        if (random.oneIn(2)) {
            long even = vector << 16 | noise | destination | flags | enabled;
            long odd = vector + 1 << 16 | destination | 1;
            store("short interrupt entries", Layout.INTERRUPT_TABLE + (index & -2) * 4L, odd << 32 | even);
        } else {
            long wide = random.oneIn(3) ? random.next() & 0xFFFF_FFFF_FFFF_0000L : 0;
            store("long interrupt entry", Layout.INTERRUPT_TABLE + index * 16L, wide | destination | flags | enabled);
            long high = random.oneIn(4) ? random.next() & ~0xFF : 0;
            store("its second half", Layout.INTERRUPT_TABLE + index * 16L + 8, high | vector);
        }
    }
}
