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
