package org.iorewind.record.ring;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a guest's physical memory lies in files: what {@code IOREWIND_RAM} tells the library inside QEMU.
 *
 * @param ranges without overlap, at most {@value #MOST_RANGES}
 */
public record GuestMemory(List<Range> ranges) {
    /** More than QEMU's machines need. */
    public static final int MOST_RANGES = 16;

    private static final long FOUR_GIB = 1L << 32;
    private static final long Q35_LIMIT = 0xB000_0000L;
    private static final long Q35_BELOW = 0x8000_0000L;
    private static final long PC_LIMIT = 0xE000_0000L;
    private static final long PC_BELOW = 0xC000_0000L;

    /**
     * A piece of memory.
     *
     * @param address guest physical address of its start
     * @param bytes its size
     * @param offset of its start in the file
     * @param file behind the memory backend
     */
    public record Range(long address, long bytes, long offset, Path file) {}

    /** Copies the list. */
    public GuestMemory {
        ranges = List.copyOf(ranges);
    }

    /** How many bytes QEMU's {@code q35} puts below 4 GiB. */
    public static long belowFourGibOfQ35(long bytes) {
        return bytes >= Q35_LIMIT ? Q35_BELOW : bytes;
    }

    /** How many bytes QEMU's {@code pc} (i440fx) puts below 4 GiB. */
    public static long belowFourGibOfPc(long bytes) {
        return bytes >= PC_LIMIT ? PC_BELOW : bytes;
    }

    /**
     * One backend: its start at address 0, the rest from 4 GiB on.
     *
     * @param file behind it
     * @param bytes its size
     * @param belowFourGib how much of it lies below 4 GiB
     */
    public static GuestMemory of(Path file, long bytes, long belowFourGib) {
        List<Range> ranges = new ArrayList<>();
        ranges.add(new Range(0, Math.min(bytes, belowFourGib), 0, file));
        if (bytes > belowFourGib) {
            ranges.add(new Range(FOUR_GIB, bytes - belowFourGib, belowFourGib, file));
        }
        return new GuestMemory(ranges);
    }

    /** The text of {@code IOREWIND_RAM}: {@code ADDRESS+BYTES@OFFSET=FILE}, hexadecimal, joined by semicolons. */
    public String text() {
        return ranges.stream()
                .map(range -> Long.toHexString(range.address()) + "+" + Long.toHexString(range.bytes()) + "@"
                        + Long.toHexString(range.offset()) + "=" + range.file().toAbsolutePath())
                .collect(Collectors.joining(";"));
    }
}
