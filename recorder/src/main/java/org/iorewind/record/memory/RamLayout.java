package org.iorewind.record.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which offset of the RAM stands behind a guest-physical address.
 *
 * <pre>
 *   guest-physical   0 ──────── low end        4 GiB ─────────────────────
 *                    │  RAM     │  PCI hole      │  the rest of the RAM
 *   offset           0 ──────── low end          low end ─────────────────
 * </pre>
 *
 * @param pieces in ascending order of addresses, not overlapping
 */
public record RamLayout(List<Piece> pieces) {
    private static final long FOUR_GIB = 1L << 32;
    /** From this size on q35 keeps 2 GiB below the hole. */
    private static final long Q35_LIMIT = 0xB000_0000L;

    private static final long Q35_LOW_END = 0x8000_0000L;
    /** From this size on i440fx keeps 3 GiB below the hole. */
    private static final long PC_LIMIT = 0xE000_0000L;

    private static final long PC_LOW_END = 0xC000_0000L;

    /**
     * A run of addresses.
     *
     * @param address of its first byte
     * @param offset in the RAM
     * @param length bytes, at least 1
     */
    public record Piece(long address, long offset, long length) {}

    /** Sorts and copies the pieces. */
    public RamLayout {
        List<Piece> sorted = new ArrayList<>(pieces);
        sorted.sort(Comparator.comparingLong(Piece::address));
        pieces = List.copyOf(sorted);
    }

    /**
     * What QEMU's q35 does with so much RAM (pc_q35.c), for a machine that cannot be asked.
     *
     * @param sizeBytes of the RAM, at least 1
     */
    public static RamLayout q35(long sizeBytes) {
        return split(sizeBytes, sizeBytes >= Q35_LIMIT ? Q35_LOW_END : sizeBytes);
    }

    /** The same for QEMU's i440fx ({@code -M pc}, pc_piix.c). */
    public static RamLayout pc(long sizeBytes) {
        return split(sizeBytes, sizeBytes >= PC_LIMIT ? PC_LOW_END : sizeBytes);
    }

    private static RamLayout split(long sizeBytes, long low) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(0, 0, low));
        if (sizeBytes > low) {
            pieces.add(new Piece(FOUR_GIB, low, sizeBytes - low));
        }
        return new RamLayout(pieces);
    }

    /**
     * The offset of bytes in a row.
     *
     * @param address guest-physical, any value
     * @param length bytes, at least 1
     * @return the offset of the first, or -1 if not all of them are RAM of one piece
     */
    public long offset(long address, long length) {
        for (Piece piece : pieces) {
            long into = address - piece.address;
            if (into >= 0 && into < piece.length) {
                return length <= piece.length - into ? piece.offset + into : -1;
            }
        }
        return -1;
    }
}
