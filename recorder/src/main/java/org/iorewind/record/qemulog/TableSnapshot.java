package org.iorewind.record.qemulog;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.iorewind.record.memory.GuestMemory;

/**
 * Every table that an IOMMU at rest can reach, as lines of the recording plug-in: {@code mem P KIND PA N INDEX=QWORD …}.
 *
 * <pre>
 *   device table ─┬─▶ page tables, level by level      command ring, event log, page request log
 *                 └─▶ interrupt tables
 * </pre>
 *
 * <p>What a guest wrote there is followed as far as it is RAM, each page once, and no more than {@link #MOST_PAGES} in all.
 */
public final class TableSnapshot {
    /** Most pages taken: 1 GiB of tables. */
    static final int MOST_PAGES = 1 << 18;

    private static final int PAGE_WORDS = 512;
    private static final int PAGE_BYTES = 4096;
    private static final long ONE_PAGE = ~0xFFFL;
    private static final long SIZE_MASK = 0x1FF;
    private static final int LENGTH_SHIFT = 56;
    private static final int LENGTH_MASK = 0xF;
    private static final int RING_ENTRY_BYTES = 16;
    private static final int INTERRUPT_ROOT = 2;
    private static final long INTERRUPT_VALID = 1;
    private static final long INTERRUPT_TABLE = 0x000F_FFFF_FFFF_FFC0L;
    private static final int INTERRUPT_LENGTH_SHIFT = 1;
    private static final int INTERRUPT_ENTRY_BYTES = 16;
    private static final int MOST_INTERRUPT_LENGTH = 11;

    private final GuestMemory memory;
    private final Consumer<String> lines;
    private final Set<String> taken = new HashSet<>();
    private boolean cut;

    private TableSnapshot(GuestMemory memory, Consumer<String> lines) {
        this.memory = memory;
        this.lines = lines;
    }

    /**
     * Takes it. The guest should stand still.
     *
     * @param deviceTable register 0000h
     * @param commandRing register 0008h
     * @param eventLog register 0010h
     * @param lines told each page
     * @return whether that is all of it; false if there was too much
     */
    public static boolean take(
            GuestMemory memory, long deviceTable, long commandRing, long eventLog, Consumer<String> lines) {
        TableSnapshot snapshot = new TableSnapshot(memory, lines);
        snapshot.ring('C', commandRing);
        snapshot.ring('E', eventLog);
        snapshot.devices(deviceTable);
        return !snapshot.cut;
    }

    private void ring(char kind, long register) {
        long base = register & TableDescriptor.ADDRESS;
        int length = (int) (register >>> LENGTH_SHIFT) & LENGTH_MASK;
        long bytes = (long) RING_ENTRY_BYTES << length;
        for (long at = 0; base != 0 && at < bytes; at += PAGE_BYTES) {
            page(kind, base + at);
        }
    }

    private void devices(long register) {
        long base = register & TableDescriptor.ADDRESS;
        if (base == 0) {
            return;
        }
        long pages = (register & SIZE_MASK) + 1;
        for (long i = 0; i < pages; i++) {
            long[] words = page('D', base + i * PAGE_BYTES);
            for (int at = 0; words != null && at < PAGE_WORDS; at += TableDescriptor.DEVICE_ENTRY_WORDS) {
                if (TableDescriptor.hasTables(words[at])) {
                    table(words[at] & TableDescriptor.ADDRESS, TableDescriptor.level(words[at]));
                }
                interrupts(words[at + INTERRUPT_ROOT]);
            }
        }
    }

    private void table(long base, int level) {
        long[] words = page((char) ('0' + level), base);
        for (int i = 0; words != null && i < PAGE_WORDS; i++) {
            long entry = words[i];
            int next = TableDescriptor.level(entry);
            boolean leads = (entry & TableDescriptor.PRESENT) != 0 && !TableDescriptor.isLeaf(entry) && next < level;
            if (leads) {
                table(entry & TableDescriptor.ADDRESS, next);
            }
        }
    }

    private void interrupts(long word) {
        if ((word & INTERRUPT_VALID) == 0) {
            return;
        }
        int length = Math.min((int) (word >>> INTERRUPT_LENGTH_SHIFT) & LENGTH_MASK, MOST_INTERRUPT_LENGTH);
        long base = word & INTERRUPT_TABLE;
        long end = base + ((long) INTERRUPT_ENTRY_BYTES << length);
        for (long at = base & ONE_PAGE; at < end; at += PAGE_BYTES) {
            page('I', at);
        }
    }

    /** The page, if it is RAM and was not taken before. */
    private long @org.jspecify.annotations.Nullable [] page(char kind, long address) {
        if (taken.size() >= MOST_PAGES) {
            cut = true;
            return null;
        }
        long[] words = new long[PAGE_WORDS];
        if (!taken.add(kind + Long.toHexString(address)) || !memory.read(address, words, PAGE_WORDS)) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        int count = 0;
        for (int i = 0; i < PAGE_WORDS; i++) {
            if (words[i] != 0) {
                line.append(' ').append(Integer.toHexString(i)).append('=').append(Long.toHexString(words[i]));
                count++;
            }
        }
        lines.accept("mem P " + kind + " " + Long.toHexString(address) + " " + count + line);
        return words;
    }
}
